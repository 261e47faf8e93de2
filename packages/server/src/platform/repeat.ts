/** Work that goes on until it is stopped. */
export interface Repeated {
  /** No new round is begun; resolves when the one under way is over. */
  stop(): Promise<void>;
}

/**
 * Does work over and over: again at once while there is more, else after a pause. One round at a time; one that fails is
 * told and tried again after the pause.
 * @param round resolves to whether there is more to do
 * @param options.pause in ms
 */
export function repeat(
  round: () => Promise<boolean>,
  options: { pause: number; onError(error: unknown): void },
): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    let more = false;
    try {
      more = await round();
    } catch (error) {
      options.onError(error);
    }
    if (!stopped) timer = setTimeout(next, more ? 0 : options.pause);
  };
  let running = Promise.resolve();
  const next = (): void => {
    running = run();
  };
  next();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
