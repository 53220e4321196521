/** Linked data of the home page: the site with its search, and the facts as a dataset. */
import { archiveFormats } from '../../api/archive/write-archive.ts';
import { CSV_MEDIA_TYPE } from '../../formats/csv.ts';
import { SCHEMA_ORG_CONTEXT_URL } from '../../formats/jsonld/page.ts';
import { type Html, renderDataBlock } from '../../lib/html.ts';
import { getEssence } from '../../lib/media-type.ts';
import { factTypes } from '../../model/types/index.ts';
import { isHistorical } from '../as-of-links.ts';
import type { PageRequest } from '../page-route.ts';
import type { DatasetCoverage, DocumentFact, HomeData } from './load-data.ts';

const NAME = 'Summit Facts';
const LICENSE_URL = 'https://spdx.org/licenses/MIT.html';

type HomeRequest = Pick<PageRequest, 'publicUrl' | 'snapshot'>;

/** Returns null on a page of one document, because the dataset is about all sources. */
export function renderLinkedData(
  { documents, datasetCoverage }: HomeData,
  request: HomeRequest,
  description: string,
): Html | null {
  if (datasetCoverage === null) return null;
  const nodes = [
    buildWebSite(request, description),
    ...(request.snapshot.revision > 0
      ? [buildDataset(documents.items, datasetCoverage, request, description)]
      : []),
  ];
  return renderDataBlock('application/ld+json', { '@context': SCHEMA_ORG_CONTEXT_URL, '@graph': nodes });
}

const buildWebSite = ({ publicUrl }: HomeRequest, description: string) => ({
  '@type': 'WebSite',
  '@id': `${publicUrl}/#website`,
  url: `${publicUrl}/`,
  name: NAME,
  description,
  inLanguage: 'en',
  potentialAction: {
    '@type': 'SearchAction',
    target: {
      '@type': 'EntryPoint',
      urlTemplate: `${publicUrl}/explore?collection=all&q={search_term_string}`,
    },
    'query-input': 'required name=search_term_string',
  },
});

function buildDataset(
  documents: DocumentFact[],
  { period, countries }: DatasetCoverage,
  { publicUrl, snapshot }: HomeRequest,
  description: string,
) {
  const { revision, recordedAt } = snapshot;
  return {
    '@type': 'Dataset',
    '@id': `${publicUrl}/#dataset`,
    url: `${publicUrl}/`,
    name: NAME,
    description,
    license: LICENSE_URL,
    isAccessibleForFree: true,
    creator: { '@type': 'Organization', name: NAME, url: `${publicUrl}/` },
    version: String(revision),
    ...(recordedAt !== null && { dateModified: recordedAt }),
    ...(period && { temporalCoverage: `${period.from}/${period.to}` }),
    ...(countries.length > 0 && {
      spatialCoverage: countries.map(({ label }) => ({ '@type': 'Country', name: label })),
    }),
    isBasedOn: documents.map(({ title, publishedOn, publisher, links }) => ({
      '@type': 'Article',
      '@id': publicUrl + links.self,
      name: title,
      url: publicUrl + links.html,
      ...(publishedOn !== null && { datePublished: publishedOn }),
      ...(publisher !== null && { publisher: { '@type': 'Organization', name: publisher } }),
    })),
    distribution: buildDistributions(publicUrl, isHistorical(snapshot) ? `?asOf=${revision}` : ''),
  };
}

/** Complete archives, and one CSV for each collection. */
const buildDistributions = (publicUrl: string, query: string) =>
  [
    ...archiveFormats.map(({ extension, mediaType }) => ({
      name: `All facts, ${extension}`,
      mediaType,
      path: `exports/summit-facts.${extension}`,
    })),
    ...factTypes.map(({ collection, title }) => ({
      name: title,
      mediaType: CSV_MEDIA_TYPE,
      path: `${collection}.csv`,
    })),
  ].map(({ name, mediaType, path }) => ({
    '@type': 'DataDownload',
    name,
    encodingFormat: getEssence(mediaType),
    contentUrl: `${publicUrl}/v1/${path}${query}`,
  }));
