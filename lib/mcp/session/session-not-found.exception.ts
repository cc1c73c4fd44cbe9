import { HttpException } from '@nestjs/common';

/** A 404, as the MCP SDKs answer for an unknown session. The client then opens a new session. */
export class SessionNotFoundException extends HttpException {
  constructor() {
    const error = { code: -32001, message: 'Session not found' };
    super({ jsonrpc: '2.0', error, id: null }, 404);
    this.message = error.message;
    this.name = new.target.name;
  }
}
