import type { Conversation } from '@sotto/protocol';
import { useLocation } from 'wouter';
import { requests } from '../../state/requests.ts';
import { paths } from '../../state/route.ts';
import { useLoad } from '../../ui/useLoad.ts';
import { words } from '../../words/index.ts';
import { RequestButtons } from './RequestButtons.tsx';
import styles from './Requests.module.css';

/** Below a conversation that waits for one's yes. Nothing, where it does not. */
export function RequestFooter({ conversation }: { conversation: Conversation }) {
  const [, navigate] = useLocation();
  const request = useLoad(conversation.id, () => requests().get(conversation.id));
  if (conversation.state === 'active' || request.state !== 'ready') return null;
  const { name } = request.value.from;
  return (
    <div className={styles.footer}>
      <p>
        {conversation.state === 'invitation' ? words.requests.footerGroup(name) : words.requests.footer(name)}
      </p>
      <RequestButtons request={request.value} onGone={() => navigate(paths.requests, { replace: true })} />
    </div>
  );
}
