import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

/** The part of a type in a GraphQL schema that federation uses. */
interface GraphqlType {
  readonly name: string;
  readonly extensions?: { apollo?: { subgraph?: { resolveReference?: unknown } } };
  /** The reference resolver, in Mercurius. */
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
   * Returns the names of the entities and interfaces without a reference resolver. The query `_entities` of a
   * federated schema passes such an entity to its field resolvers just as the client sent it. The same
   * happens to an entity if its interface has no reference resolver.
   */
  unresolvedEntities(): string[] {
    const entities = this.all().flatMap((schema) => schema.getType('_Entity')?.getTypes?.() ?? []);
    const types = entities.flatMap((entity) => [entity, ...(entity.getInterfaces?.() ?? [])]);
    return types.filter((type) => !hasReferenceResolver(type)).map(({ name }) => name);
  }

  /** Returns the names of the types at which operations begin. */
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

/** Returns the schema of a host. The getter throws if there is no schema. A module without a schema serves nothing. */
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
