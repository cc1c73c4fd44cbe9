import { Injectable } from '@nestjs/common';
import { McpAuthEvents } from '../events/mcp-auth-events.js';
import { acceptedEvent, rejectedEvent, type ObservedRequest } from './request-events.js';
import { StepUps } from './step-ups.js';

/** Publishes the events about requests. While nothing listens, it does not even read the request. */
@Injectable()
export class RequestObserver {
  constructor(
    private readonly events: McpAuthEvents,
    private readonly stepUps: StepUps,
  ) {}

  accepted(request: () => ObservedRequest): void {
    this.events.publish('accepted', () => acceptedEvent(request()));
    if (this.stepUps.isWaiting) {
      this.stepUps.noteAccepted(request());
    }
  }

  /**
   * @param error - the error that a step of the guard threw
   * @param rejection - the error that the client gets
   */
  rejected(request: () => ObservedRequest, error: Error, rejection: Error): void {
    this.events.publish('rejected', () => rejectedEvent(request(), rejection));
    this.stepUps.noteRejected(request, error);
  }
}
