import { Component } from 'react';

/** Calls `read` after a render was decided on and before the page changes: the last look at where things stand. */
export class BeforeUpdate extends Component<{ read: () => void }> {
  override getSnapshotBeforeUpdate(): null {
    this.props.read();
    return null;
  }

  // React wants it beside the above.
  override componentDidUpdate(): void {}

  override render(): null {
    return null;
  }
}
