import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** A type of a GraphQL schema, as far as federation is concerned. */
interface GraphqlType {
  readonly name: string;
  readonly extensions?: { apollo?: { subgraph?: { resolveReference?: unknown } } };
  /** Where Mercurius keeps it. */
  readonly resolveReference?: unknown;
  getInterfaces?(): readonly GraphqlType[];
}

interface GraphqlSchema {
  getQueryType(): GraphqlType | null | undefined;
  getMutationType(): GraphqlType | null | undefined;
  getSubscriptionType(): GraphqlType | null | undefined;
  getType(name: string): { getTypes?(): readonly GraphqlType[] } | undefined;
}

/** The schemas of the application's GraphQL modules. They exist once the modules are initialized. */
@Injectable()
export class GraphqlSchemas {
  constructor(private readonly discovery: DiscoveryService) {}

  /**
   * Returns the names of the types that `_entities` of a federated schema passes to their field
   * resolvers just as the client sent them: entities without a reference resolver. An interface without
   * one does it for each entity that implements it.
   */
  unresolvedEntities(): string[] {
    const entities = this.all().flatMap((schema) => schema.getType('_Entity')?.getTypes?.() ?? []);
    const types = entities.flatMap((entity) => [entity, ...(entity.getInterfaces?.() ?? [])]);
    return types.filter((type) => !hasReferenceResolver(type)).map(({ name }) => name);
  }

  /** Returns the names of the types that operations begin at. */
  rootTypes(): string[] {
    return this.all()
      .flatMap((schema) => [
        schema.getQueryType(),
        schema.getMutationType(),
        schema.getSubscriptionType(),
      ])
      .flatMap((type) => type?.name ?? []);
  }

  private all(): GraphqlSchema[] {
    return this.discovery
      .getProviders()
      .filter(({ name }) => name === 'GraphQLSchemaHost')
      .map(({ instance }) => schemaOf(instance as { schema: GraphqlSchema }))
      .filter((schema) => schema !== undefined);
  }
}

/** The getter throws where there is no schema: then nothing is served either. */
function schemaOf(host: { schema: GraphqlSchema }): GraphqlSchema | undefined {
  try {
    return host.schema;
  } catch {
    return undefined;
  }
}

function hasReferenceResolver({ extensions, resolveReference }: GraphqlType): boolean {
  return (extensions?.apollo?.subgraph?.resolveReference ?? resolveReference) !== undefined;
}
