// What a mail client says, for those who stand in for a mail server: lines, and now and then a whole mail.
import type { Socket } from 'node:net';

export type MailServer = {
  /** Takes a command; true where a mail follows. */
  onLine(line: string): boolean;
  onMail(mail: string): void;
};

/** Calls the server with each line and each mail that comes over the connection. */
export function converse(socket: Socket, server: MailServer): void {
  let text = '';
  let inMail = false;
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const end = inMail ? '\r\n.\r\n' : '\r\n';
      const at = text.indexOf(end);
      if (at < 0) return;
      const part = text.slice(0, at);
      text = text.slice(at + end.length);
      if (inMail) server.onMail(part);
      inMail = !inMail && server.onLine(part);
    }
  });
}
