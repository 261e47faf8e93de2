import type { CallOutput, Calls } from '@sotto/protocol';
import { DeliveryError } from '../../platform/delivery-error.ts';
import { refuse } from '../../platform/refusal.ts';
import { type Address, readAddress } from './address.ts';
import type { Context } from './context.ts';
import { CODE_LIFETIME, CODE_TRIES, CODE_WINDOW, CODES_PER_HOUR } from './policy.ts';
import { meOf } from './projections.ts';
import { codeMatches, hashCode, hashToken, newCode, newToken } from './secrets.ts';
import { insertSession } from './session-store.ts';
import { checkSuspension } from './standing.ts';
import { findByAddress, insertAccount, storeCode, takeTry, useCode } from './store.ts';
import { codeMail, codeSms } from './words.ts';

export function checkAddress(typed: string): Address {
  const address = readAddress(typed);
  if (address) return address;
  const expected = 'an email address, or a phone number with its country, like +49 151 23456789';
  throw refuse('invalid_input', { issues: [{ path: 'body.address', problem: 'format', expected }] });
}

/** Never asks whether the address has an account, so that neither the answer nor its time can tell (PE-1). */
export async function doRequestCode(
  context: Context,
  { kind, address }: Address,
): Promise<CallOutput<Calls['POST /v1/sign-in/codes']>> {
  const code = newCode();
  const hash = await hashCode(code);
  const now = context.now();
  const expiresAt = new Date(now.getTime() + CODE_LIFETIME);
  const fullSince = await storeCode(
    context.db,
    { address, hash, tries: CODE_TRIES, expiresAt },
    { max: CODES_PER_HOUR, windowStart: new Date(now.getTime() - CODE_WINDOW), now },
  );
  if (fullSince) {
    const milliseconds = fullSince.getTime() + CODE_WINDOW - now.getTime();
    throw refuse('rate_limited', { retryAfter: Math.max(1, Math.ceil(milliseconds / 1000)) });
  }
  try {
    if (kind === 'email') await context.mailer.send(codeMail(address, code));
    else await context.smsSender.send(codeSms(address, code));
  } catch (error) {
    // Other errors may name the address; this one never does.
    const reason = error instanceof DeliveryError ? error.message : 'unexpected fault';
    context.log.warn({ kind, reason }, 'sign-in code not delivered');
    throw refuse('delivery_failed');
  }
  return { kind, address, expiresAt: expiresAt.toISOString() };
}

/**
 * The hash of the code that is waiting for this address, if `code` is it. Takes one of its tries first and for good, so
 * that guesses made at once are counted like guesses made in turn.
 */
export async function checkCode(context: Context, address: string, code: string): Promise<Buffer> {
  const waiting = await takeTry(context.db, address, context.now());
  if (!waiting) throw refuse('code_expired');
  if (!(await codeMatches(code, waiting.code_hash)))
    throw refuse('code_wrong', { triesLeft: waiting.tries_left });
  return waiting.code_hash;
}

/** Spends the code and opens a session; the account is made if there was none for the address. */
export function doSignIn(context: Context, address: Address, codeHash: Buffer, client: string) {
  return context.transact(async ({ tx, afterCommit }) => {
    if (!(await useCode(tx, address.address, codeHash))) throw refuse('code_expired');
    const now = context.now();
    const known = await findByAddress(tx, address.address);
    const account = known ?? (await insertAccount(tx, address, now));
    if (known !== undefined) await checkSuspension(tx, account, now);
    if (known === undefined) afterCommit(() => context.log.info({ account }, 'account made'));
    const token = newToken();
    await insertSession(
      tx,
      { account_id: account, token_hash: hashToken(token), client: client.slice(0, 200) },
      now,
    );
    const me = await meOf(context, account, tx);
    return { me, token };
  });
}
