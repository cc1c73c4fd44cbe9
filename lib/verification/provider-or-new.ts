import type { Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

/** The application's own provider of a class, where it has one; else an instance made for this purpose. */
export async function providerOrNew<T>(type: Type<T>, moduleRef: ModuleRef): Promise<T> {
  try {
    return moduleRef.get<T>(type, { strict: false });
  } catch {
    return moduleRef.create(type);
  }
}
