import { settle } from '../../domain/interactions/message.ts';
import type { Tools } from '../../functions/notification/tell.ts';
import type { StoredMessage } from '../../functions/table/messages.ts';

/** What notification needs of the table, in memory: every read sees all writes before it. */
export function notificationTable() {
  const messages = new Map<string, StoredMessage>();
  const notifications = new Map<string, number>();

  const tools: Pick<Tools, 'message' | 'put' | 'release' | 'settle' | 'addNotification' | 'isSuppressed'> = {
    isSuppressed: async () => false,
    message: async (id) => messages.get(id),
    put: async (stored) => {
      const present = messages.get(stored.message.id);
      if (!present) messages.set(stored.message.id, stored);
      return present?.token === stored.token ? undefined : present;
    },
    release: async ({ message: { id }, token }) => {
      const present = messages.get(id);
      if (present?.token === token && present.message.state === 'CLAIMED') messages.delete(id);
    },
    settle: async ({ message: { id } }, report) => {
      const stored = messages.get(id);
      if (stored) messages.set(id, { ...stored, message: settle(stored.message, report) });
    },
    addNotification: async ({ id }) => {
      const isNew = !notifications.has(id);
      if (isNew) notifications.set(id, 1);
      return isNew;
    },
  };

  return {
    tools,
    /** The messages as they are. */
    messages: () => [...messages.values()].map(({ message }) => message),
    /** How many users were told in the app. */
    notifications: () => notifications.size,
    /** Removes a message, whatever it is. */
    remove: (id: string) => messages.delete(id),
    /** Puts a message, whatever is there. */
    overwrite: (stored: StoredMessage) => void messages.set(stored.message.id, stored),
  };
}

export type NotificationTable = ReturnType<typeof notificationTable>;
