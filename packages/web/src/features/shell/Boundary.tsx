import { Component, type ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { State } from '../../ui/States.tsx';
import { words } from '../../words/index.ts';

interface BoundaryProps {
  children: ReactNode;
  /** Another value starts afresh: the screen, say. */
  resetKey?: string;
}

/** A screen that fails says so, and takes nothing else down with it. */
export class Boundary extends Component<BoundaryProps, { failedAt: string | undefined | null }> {
  override state = { failedAt: null as string | undefined | null };

  static getDerivedStateFromError(): { failedAt: string } {
    return { failedAt: 'now' };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.failedAt !== null && before.resetKey !== this.props.resetKey)
      this.setState({ failedAt: null });
  }

  override render(): ReactNode {
    if (this.state.failedAt === null) return this.props.children;
    return (
      <State
        alert
        title={words.crash.title}
        text={words.crash.text}
        action={
          <Button tone="ink" onClick={() => location.reload()}>
            {words.crash.action}
          </Button>
        }
      />
    );
  }
}
