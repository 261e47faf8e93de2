import { keepShared } from '../state/shared.ts';

/**
 * Another app shares something (Web Share Target API): what came is kept on the device, and the app asks where it is to go.
 * Any page may post such a form: nothing is sent by it, and who it is for is chosen by the person alone.
 */
export async function onShare(request: Pick<Request, 'formData'>, origin: string): Promise<Response> {
  try {
    await keepShared(await request.formData());
    return Response.redirect(`${origin}/share`, 303);
  } catch {
    return Response.redirect(`${origin}/share?lost`, 303);
  }
}
