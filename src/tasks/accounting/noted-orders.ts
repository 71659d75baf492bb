import type { RecentOrders } from '../../moderation/recent-orders.js';
import type { Task } from '../model/task.js';
import { receivedAt } from '../model/task-record.js';

/**
 * Notes each order of a guild when its record is read or written: once for all parts of a set, and not for the clip
 * chained to a picture.
 */
export function noteOrders({ note }: Pick<RecentOrders, 'note'>) {
  return (task: Task): void => {
    const { id, origin, after, set } = task;
    const { guildId, guildInstalled, channelId, parentId, userId } = origin;
    if (!guildInstalled || guildId === undefined || userId === '') return;
    if (after !== undefined || (set && set.part > 1)) return;
    const [orderId = id] = id.split(':');
    const channels = [channelId, ...(parentId === undefined ? [] : [parentId])];
    note({ id: orderId, guildId, channels, userId, at: receivedAt(task) });
  };
}
