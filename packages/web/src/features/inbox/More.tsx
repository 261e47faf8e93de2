import { useEffect, useRef } from 'react';
import { Skeleton } from '../../ui/Skeleton.tsx';

/** Asks for the next page when its place comes near the screen. */
export function More({ loading, onMore }: { loading: boolean; onMore: () => Promise<void> }) {
  const end = useRef<HTMLDivElement>(null);
  const ask = useRef(onMore);
  ask.current = onMore;
  useEffect(() => {
    if (loading || !end.current) return;
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && void ask.current(), {
      rootMargin: '400px',
    });
    seen.observe(end.current);
    return () => seen.disconnect();
  }, [loading]);
  return <div ref={end}>{loading && <Skeleton kind="row" rows={2} />}</div>;
}
