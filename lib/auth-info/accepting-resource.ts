import type { ProtectedResource } from '../protected-resource/protected-resource.js';
import { hiddenMember } from './hidden-member.js';

const resources = hiddenMember<ProtectedResource>();

/** Keeps with a caller, unseen, the resource that accepted its token. */
export function rememberAcceptingResource(authInfo: object, resource: ProtectedResource): void {
  resources.set(authInfo, resource);
}

/** The resource that accepted a caller's token; nothing for an object that is not of our making. */
export function acceptingResource(authInfo: object | undefined): ProtectedResource | undefined {
  return authInfo && resources.get(authInfo);
}
