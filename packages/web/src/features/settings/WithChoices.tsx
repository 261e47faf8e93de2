import type { Choices } from '@sotto/sdk';
import { type ReactNode, useEffect } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { Failed } from '../../ui/Failed.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useAction } from '../../ui/useAction.ts';
import { useReadable } from '../../ui/useReadable.ts';

interface WithChoicesProps<T> {
  choices: Choices<T>;
  /** What to say where they did not load. */
  failed: string;
  children: (now: T) => ReactNode;
}

/** Choices as they are now, loaded anew each time they are shown. */
export function WithChoices<T>({ choices, failed, children }: WithChoicesProps<T>) {
  const now = useReadable(choices);
  const load = useAction(() => choices.load());
  const { start } = load;
  useEffect(() => start(), [start]);
  if (now) return children(now);
  if (load.error === undefined) return <Skeleton kind="row" rows={2} />;
  return <Failed text={`${failed} ${wordsFor(load.error)}`} onRetry={start} />;
}
