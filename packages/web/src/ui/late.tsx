import { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { words } from '../words/index.ts';
import { Button } from './Button.tsx';
import { Failed } from './Failed.tsx';
import { busyWith } from './quiet.ts';
import { Sheet } from './Sheet.tsx';
import { State } from './States.tsx';

/** The code of a view could not be had. */
interface UnavailableProps {
  /** How often; at least once. */
  failures: number;
  /** It is being asked for again. */
  busy: boolean;
  onRetry: () => void;
}

const missing = new Set<string>();
document.addEventListener('error', ({ target }) => missStyle(target), true);

function missStyle(target: EventTarget | null): void {
  if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return;
  missing.add(target.href);
  target.remove();
}

/** Stylesheets that did not come are asked for anew: the bundler's loader asks once, and goes without from then on. */
const missingStyles = () => Promise.all([...missing].map(loadStyle));

const loadStyle = (href: string) =>
  new Promise<void>((resolve, reject) => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
    link.onload = () => {
      missing.delete(href);
      resolve();
    };
    link.onerror = () => reject(new Error(`no style at ${href}`));
    document.head.append(link);
  });

/**
 * A view whose code comes when it is first shown. Where that cannot be had, `Unavailable` stands in its place alone, and it can be
 * asked for again without leaving the page: a room may be on.
 */
function late<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Unavailable: ComponentType<P & UnavailableProps>,
  coming: ReactNode | ((props: P) => ReactNode) = null,
): ComponentType<P> {
  let known: ComponentType<P> | null = null;
  return function Late(props: P) {
    const [View, setView] = useState<ComponentType<P> | null>(() => known);
    const [failures, setFailures] = useState(0);
    const [turn, setTurn] = useState(0);
    useEffect(() => {
      let gone = false;
      const loading = busyWith(missingStyles().then(load));
      loading.then(
        view => {
          known = view;
          if (!gone) setView(() => view);
        },
        () => !gone && setFailures(turn + 1),
      );
      return () => {
        gone = true;
      };
    }, [turn]);
    if (View) return <View {...props} />;
    if (failures === 0) return typeof coming === 'function' ? coming(props) : coming;
    return (
      <Unavailable
        {...props}
        failures={failures}
        busy={turn === failures}
        onRetry={() => setTurn(failures)}
      />
    );
  };
}

export const lateSheet = <P extends { onClose: () => void }>(load: () => Promise<ComponentType<P>>) =>
  late<P>(load, UnavailableSheet);

/** A part of a screen. */
export const latePart = <P extends object>(load: () => Promise<ComponentType<P>>, coming?: ReactNode) =>
  late<P>(load, UnavailablePart, coming);

/** A screen, or what fills one. */
export const lateScreen = <P extends object>(
  load: () => Promise<ComponentType<P>>,
  coming?: ReactNode | ((props: P) => ReactNode),
) => late<P>(load, UnavailableScreen, coming);

function UnavailableSheet({ onClose, ...props }: { onClose: () => void } & UnavailableProps) {
  return (
    <Sheet title={titleOf(props.failures)} titleHidden onClose={onClose}>
      <UnavailableScreen {...props} />
    </Sheet>
  );
}

function UnavailablePart({ busy, onRetry }: UnavailableProps) {
  return (
    <Failed
      text={navigator.onLine ? words.errorUnreachable : words.errorOffline}
      busy={busy}
      onRetry={onRetry}
    />
  );
}

function UnavailableScreen({ failures, busy, onRetry }: UnavailableProps) {
  const gone = isGone(failures);
  const text = gone ? words.crash.text : words.errorUnreachable;
  return (
    <State
      alert
      title={titleOf(failures)}
      text={navigator.onLine ? text : words.offline.text}
      action={
        <Button tone="ink" busy={busy} onClick={gone ? () => location.reload() : onRetry}>
          {gone ? words.crash.action : words.retry}
        </Button>
      }
    />
  );
}

/** A server that is there and has not got it is a newer one: only the newer app goes on. */
const isGone = (failures: number) => failures > 2 && navigator.onLine;

const titleOf = (failures: number) => {
  if (!navigator.onLine) return words.offline.title;
  return isGone(failures) ? words.crash.title : words.unavailable;
};
