/** What a key does while nothing is being typed. Keys as in `KeyboardEvent.key`, letters in lower case. */
export type KeyMap = Readonly<Record<string, () => void>>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input:not([type=radio],[type=checkbox],[type=range]),textarea,select,[contenteditable]',
    ) !== null
  );
}

/** Space presses the button it is on; only elsewhere is it ours. */
function isPressing(event: KeyboardEvent): boolean {
  return (
    event.key === ' ' &&
    event.target instanceof Element &&
    event.target.closest('button,a,[role=menuitem],input,summary') !== null
  );
}

/** Listens for single keys, away from text fields and open dialogs. Returns what stops it. */
export function listenForKeys(keys: () => KeyMap): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target) || isPressing(event) || document.querySelector('dialog[open]')) return;
    const run = keys()[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!run) return;
    if (event.key !== 'Escape') event.preventDefault();
    run();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
