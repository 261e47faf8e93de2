/** An event of a trace as Chromium writes it (Trace Event Format); times in microseconds. */
export interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur?: number;
  /** Of the thread's own CPU time. */
  tdur?: number;
  args?: Record<string, unknown>;
}

export const categories = [
  'devtools.timeline',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-devtools.timeline.frame',
  'devtools.timeline.frame',
  'cc',
  'benchmark',
  'loading',
  'v8',
  '__metadata',
];

/** What scrolling cost the page's main thread, in ms of its CPU time where not said otherwise. */
export interface Cost {
  /** Frames that the main thread made. */
  frames: number;
  p50: number;
  p95: number;
  p99: number;
  worst: number;
  over8: number;
  over16: number;
  /** Tasks by the clock. */
  longestTask: number;
  tasksOver16: number;
  tasksOver50: number;
  /**
   * Frames of the display while something moved, as Chromium counts them for smoothness: drawn; of these late, drawn by the
   * compositor without what the main thread had for them; and dropped, not drawn at all.
   */
  drawn: number;
  late: number;
  dropped: number;
  /** Frames drawn with a place that was not painted yet. */
  unpainted: number;
  /** Part of the time that the main thread was busy. */
  busy: number;
  parts: Record<string, number>;
}

/** Names of the events whose own time counts as one kind of work. */
const parts: Record<string, string[]> = {
  script: [
    'FunctionCall',
    'EvaluateScript',
    'RunMicrotasks',
    'FireAnimationFrame',
    'EventDispatch',
    'TimerFire',
    'v8.callFunction',
  ],
  style: ['UpdateLayoutTree'],
  layout: ['Layout'],
  paint: ['PrePaint', 'Paint', 'Layerize', 'Commit', 'UpdateLayer', 'UpdateLayerTree'],
  collection: ['MinorGC', 'MajorGC', 'V8.GCScavenger', 'V8.GC_MC_INCREMENTAL', 'BlinkGC.AtomicPhase'],
};

export function costOf(events: readonly TraceEvent[]): Cost {
  const main = mainThreadOf(events);
  const own = events
    .filter(event => event.pid === main.pid && event.tid === main.tid)
    .sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const tasks = own.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  const begins = own.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts);
  const perFrame = new Array<number>(begins.length).fill(0);
  let at = -1;
  for (const task of tasks) {
    // A frame's task ends with what was begun within it.
    while (at + 1 < begins.length && (begins[at + 1] ?? 0) < task.ts + (task.dur ?? 0)) at += 1;
    if (at >= 0) perFrame[at] = (perFrame[at] ?? 0) + (task.tdur ?? task.dur ?? 0) / 1000;
  }
  const sorted = perFrame.sort((a, b) => a - b);
  const quantile = (part: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const durations = tasks.map(({ dur = 0 }) => dur / 1000);
  const span = (Math.max(...ends(tasks)) - (tasks[0]?.ts ?? 0)) / 1000;
  return {
    frames: sorted.length,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    worst: sorted.at(-1) ?? 0,
    over8: sorted.filter(each => each > 8).length,
    over16: sorted.filter(each => each > 16.7).length,
    longestTask: durations.reduce((most, each) => Math.max(most, each), 0),
    tasksOver16: durations.filter(each => each > 16.7).length,
    tasksOver50: durations.filter(each => each > 50).length,
    ...shownOf(events.filter(({ pid }) => pid === main.pid)),
    busy: tasks.reduce((sum, { tdur = 0 }) => sum + tdur / 1000, 0) / span,
    parts: partsOf(own, sorted.length),
  };
}

/** How the frames of one renderer went: each has a number, and is told of up to twice. */
function shownOf(events: readonly TraceEvent[]): Pick<Cost, 'drawn' | 'late' | 'dropped' | 'unpainted'> {
  const frames = (name: string, holds: (event: TraceEvent) => boolean = () => true) =>
    new Set(events.filter(event => event.name === name && holds(event)).map(({ args }) => args?.frameSeqId));
  const late = frames('DroppedFrame', ({ args }) => args?.hasPartialUpdate === true);
  return {
    drawn: frames('DrawFrame').union(late).size,
    late: late.size,
    dropped: frames('DroppedFrame', ({ args }) => args?.hasPartialUpdate !== true).size,
    unpainted: events.filter(({ name }) => name === 'TileBasedLayerImpl::AppendQuads checkerboard').length,
  };
}

const ends = (tasks: readonly TraceEvent[]) => [tasks.at(-1)].map(task => (task?.ts ?? 0) + (task?.dur ?? 0));

/** The renderer that made most frames. */
function mainThreadOf(events: readonly TraceEvent[]): { pid: number; tid: number } {
  const made = new Map<string, number>();
  for (const { name, pid, tid } of events)
    if (name === 'BeginMainThreadFrame') made.set(`${pid} ${tid}`, (made.get(`${pid} ${tid}`) ?? 0) + 1);
  const [most] = [...made].sort((a, b) => b[1] - a[1]);
  if (!most) throw new Error('the trace has no frames');
  const [pid = 0, tid = 0] = most[0].split(' ').map(Number);
  return { pid, tid };
}

/** CPU time by kind of work, ms a frame; what is within another event is counted once, as the innermost. */
function partsOf(own: readonly TraceEvent[], frames: number): Record<string, number> {
  const kinds = new Map(
    Object.entries(parts).flatMap(([kind, names]) => names.map(name => [name, kind] as const)),
  );
  const sums: Record<string, number> = {};
  const open: { end: number; kind: string }[] = [];
  for (const { name, ph, ts, dur = 0, tdur = dur } of own) {
    const kind = kinds.get(name);
    if (ph !== 'X' || !kind) continue;
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= ts) open.pop();
    const around = open.at(-1)?.kind;
    if (around) sums[around] = (sums[around] ?? 0) - tdur / 1000;
    sums[kind] = (sums[kind] ?? 0) + tdur / 1000;
    open.push({ end: ts + dur, kind });
  }
  return Object.fromEntries(Object.entries(sums).map(([kind, sum]) => [kind, sum / Math.max(1, frames)]));
}
