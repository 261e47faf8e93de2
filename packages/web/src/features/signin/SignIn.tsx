import ChevronLeft from 'lucide-react/icons/chevron-left';
import { type FormEvent, useEffect, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { readAddress } from '../../state/signIn.ts';
import { session } from '../../state/sotto.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { CodeInput } from '../../ui/CodeInput.tsx';
import { Field } from '../../ui/Field.tsx';
import { note } from '../../ui/notes.ts';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './Welcome.module.css';

interface Modes {
  email: boolean;
  phone: boolean;
  printed: boolean;
}

/** Seconds before a new code may be asked for. */
const PATIENCE = 30;

export function SignIn({ modes, onBack }: { modes: Modes; onBack: () => void }) {
  const [text, setText] = useState('');
  const [sent, setSent] = useState<{ address: string; at: number }>();
  const [problem, setProblem] = useState<string>();
  const send = useAction(async (address: string) => {
    const reply = await session.requestCode(address);
    if (sent) note(words.signIn.sentAgain);
    setSent({ address: reply.address, at: Date.now() });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readAddress(text, modes);
    setProblem('problem' in read ? read.problem : undefined);
    if ('address' in read) send.start(read.address);
  };
  if (sent)
    return (
      <Code
        key={sent.at}
        address={sent.address}
        printed={modes.printed}
        resending={send.busy}
        resendProblem={send.error}
        onResend={() => send.start(sent.address)}
        onOther={() => {
          setSent(undefined);
          send.clear();
        }}
      />
    );
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <RoundButton
        tone="bare"
        className={styles.back}
        label={words.back}
        icon={<ChevronLeft />}
        onClick={onBack}
      />
      <h1>{modes.phone ? words.signIn.title : words.signIn.titleEmail}</h1>
      <p className={styles.text}>{words.signIn.text}</p>
      <Field
        label={modes.phone ? words.signIn.label : words.signIn.labelEmail}
        placeholder={modes.phone ? words.signIn.placeholder : words.signIn.placeholderEmail}
        value={text}
        onChange={event => {
          setText(event.target.value);
          setProblem(undefined);
        }}
        error={problem ?? (send.error ? wordsFor(send.error) : undefined)}
        type={modes.phone ? 'text' : 'email'}
        inputMode="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        enterKeyHint="send"
      />
      <Button type="submit" tone="voice" size="l" wide busy={send.busy}>
        {words.signIn.action}
      </Button>
    </form>
  );
}

interface CodeProps {
  address: string;
  printed: boolean;
  resending: boolean;
  resendProblem: unknown;
  onResend: () => void;
  onOther: () => void;
}

function Code({ address, printed, resending, resendProblem, onResend, onOther }: CodeProps) {
  const [digits, setDigits] = useState('');
  const [wait, setWait] = useState(PATIENCE);
  const check = useAction(async (code: string) => {
    try {
      await session.signIn(address, code);
    } catch (error) {
      setDigits('');
      throw error;
    }
  });
  useEffect(() => {
    const tick = setInterval(() => setWait(now => Math.max(0, now - 1)), 1000);
    return () => clearInterval(tick);
  }, []);
  const error = check.error ?? resendProblem;
  return (
    <div className={styles.form}>
      <RoundButton
        tone="bare"
        className={styles.back}
        label={words.back}
        icon={<ChevronLeft />}
        onClick={onOther}
      />
      <h1>{words.signIn.codeTitle}</h1>
      <p className={styles.text}>{words.signIn.codeSent(address)}</p>
      {printed && <p className={styles.printed}>{words.signIn.codePrinted}</p>}
      <CodeInput
        label={words.signIn.codeLabel}
        value={digits}
        onChange={value => {
          setDigits(value);
          if (value) check.clear();
        }}
        onComplete={check.start}
        error={error ? wordsFor(error) : undefined}
        disabled={check.busy}
      />
      <div className={styles.links}>
        <Button tone="bare" onClick={onResend} disabled={wait > 0 || resending}>
          {wait > 0 ? words.signIn.againIn(wait) : words.signIn.again}
        </Button>
        <Button tone="bare" onClick={onOther}>
          {words.signIn.other}
        </Button>
      </div>
    </div>
  );
}
