import type { Platform } from '../../platform/platform.ts';
import type { ModerationPorts } from './context.ts';
import { moderationRoutes } from './routes.ts';

/** Reports, their evidence, and what admins do about them (BC-7, PE-9). */
export interface Moderation {
  routes: ReturnType<typeof moderationRoutes>;
}

export const createModeration = (platform: Platform, ports: ModerationPorts): Moderation => ({
  routes: moderationRoutes({ ...platform, ports }),
});
