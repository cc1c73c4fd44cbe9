import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

/**
 * Returns the application's own provider of a class. Creates an instance if the application has no such provider, or if
 * the provider is request-scoped or transient.
 */
export async function providerOrNew<T>(type: Type<T>, moduleRef: ModuleRef): Promise<T> {
  try {
    return moduleRef.get<T>(type, { strict: false });
  } catch {
    return moduleRef.create(type);
  }
}
