import type { Me } from '@sotto/protocol';
import { createContext, useContext } from 'react';

export interface Member extends Me {
  name: string;
  handle: string;
}

export const MeContext = createContext<Member | null>(null);

/** Who is signed in, with a made profile. Only inside the shell. */
export function useMe(): Member {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe outside of the shell');
  return me;
}
