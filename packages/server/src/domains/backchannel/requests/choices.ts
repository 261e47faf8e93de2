import type { BackchannelChoices, CallParsed, Calls } from '@sotto/protocol';
import type { Executor, Tx } from '../../../platform/db/index.ts';
import type { Platform } from '../../../platform/platform.ts';
import { hostsOf, wordsOf } from './rules.ts';

const columns = ['who_may_write', 'receipts', 'held_words', 'held_hosts'] as const;

/** Who may write to the account, receipts, and what it holds back (BC-15, BC-8, BC-17). */
export async function readChoices(executor: Executor, account: string): Promise<BackchannelChoices> {
  const row = await executor
    .selectFrom('backchannel_choices')
    .where('account_id', '=', account)
    .select(columns)
    .executeTakeFirst();
  return {
    whoMayWrite: row?.who_may_write ?? 'everyone',
    receipts: row?.receipts ?? true,
    heldWords: row?.held_words ?? [],
    heldHosts: row?.held_hosts ?? [],
  };
}

type Changes = CallParsed<Calls['PATCH /v1/me/backchannel']>['body'];

/** Words and hosts as they are compared later. @throws Refusal `invalid_input` for what is no host */
export const checkChoices = ({ heldWords, heldHosts, ...rest }: Changes): Changes => ({
  ...rest,
  ...(heldWords && { heldWords: wordsOf(heldWords) }),
  ...(heldHosts && { heldHosts: hostsOf(heldHosts, 'body.heldHosts') }),
});

/** All devices of the account hear of it. */
export const doChangeChoices = (
  platform: Platform,
  account: string,
  changes: Changes,
): Promise<BackchannelChoices> =>
  platform.transact(async ({ tx, emit }) => {
    await writeChoices(tx, account, changes);
    const choices = await readChoices(tx, account);
    emit({ kind: 'frame', to: { accounts: [account] }, frame: { type: 'backchannelChoices', choices } });
    return choices;
  });

async function writeChoices(tx: Tx, account: string, changes: Changes): Promise<void> {
  await tx
    .insertInto('backchannel_choices')
    .values({ account_id: account })
    .onConflict(conflict => conflict.column('account_id').doNothing())
    .execute();
  const set = {
    ...(changes.whoMayWrite !== undefined && { who_may_write: changes.whoMayWrite }),
    ...(changes.receipts !== undefined && { receipts: changes.receipts }),
    ...(changes.heldWords !== undefined && { held_words: changes.heldWords }),
    ...(changes.heldHosts !== undefined && { held_hosts: changes.heldHosts }),
  };
  if (Object.keys(set).length === 0) return;
  await tx.updateTable('backchannel_choices').set(set).where('account_id', '=', account).execute();
}
