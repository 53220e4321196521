/** Atom feed and JSON Feed of the changes to all facts, newest first. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { entryLimit } from '../../formats/feeds/feed.ts';
import { JsonFeed } from '../../formats/feeds/json-feed.ts';
import { defineOperation } from '../../http/route-definition.ts';
import {
  buildChangeListParameters,
  type ChangeParameters,
  parseChangeQuery,
} from '../params/change-params.ts';
import { respondExport } from '../respond/respond-export.ts';
import { exportChanges, FEED_FORMATS } from '../service/change-feeds.ts';
import type { FactService } from '../service/snapshot-reader.ts';

export function changeFeedRoutes(app: FastifyInstance, service: FactService): void {
  changeFeedRoute(app, service, { format: 'atom', operationId: 'exportChangesAtom', schema: z.string() });
  changeFeedRoute(app, service, {
    format: 'jsonFeed',
    operationId: 'exportChangesFeedJson',
    schema: JsonFeed,
  });
}

interface FeedRouteOptions {
  format: keyof typeof FEED_FORMATS;
  operationId: string;
  schema: z.ZodType;
}

function changeFeedRoute(
  app: FastifyInstance,
  service: FactService,
  { format, operationId, schema }: FeedRouteOptions,
): void {
  const { extension, title, mediaType } = FEED_FORMATS[format];
  const path = `/v1/changes.${extension}`;
  const options = defineOperation({
    operationId,
    tag: 'History',
    summary: `Export changes as ${title}`,
    description:
      'One entry per change, newest first by default, with its cause, its reason and the changes to each field. Takes the ' +
      'same filters as the list and is not paginated.',
    query: () => z.strictObject({ ...buildChangeListParameters('-recordedAt'), limit: entryLimit }),
    asOf: true,
    response: { description: `Changes as ${title}.`, mediaType, schema },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?fact=organization/nato`,
  });
  app.get(path, options, (request, reply) => {
    const query = parseChangeQuery(request.query as ChangeParameters);
    return respondExport(
      { service, request, reply },
      { mediaType, filename: `changes.${extension}` },
      exportChanges({ format, query }),
    );
  });
}
