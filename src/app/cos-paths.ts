import type { Config } from '../config/config.js';
import type { CosBucket } from '../media/cos/bucket.js';
import type { Catalogue } from '../mps/catalogue/catalogue.js';
import type { GenerationRequest } from '../mps/generation-request.js';
import { type CreateParameters, toParameters } from '../mps/parameters/parameters.js';
import { WithdrawnError } from '../tasks/lifecycle/failure-mapping.js';
import type { Task } from '../tasks/model/task.js';
import { lifeMs } from '../tasks/sources/source-hosting.js';
import { mapSources } from '../tasks/sources/source-images.js';

interface WireContext {
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly bucket: Pick<CosBucket, 'sign'> | undefined;
}

/** The wire form of an admitted request. Throws WithdrawnError if the catalogue no longer accepts it. */
export function wireParameters(
  request: GenerationRequest,
  task: Task,
  { config, catalogue, bucket }: WireContext,
): CreateParameters {
  const { cos, video } = config;
  // Objects in the bucket have a bare link: it is signed for this one Create and never stored.
  const reachable = mapSources(request, (image) => {
    const url = bucket?.sign(image.url, lifeMs(task));
    return url === undefined ? image : { ...image, url };
  });
  const checked = toParameters(reachable, catalogue, {
    ...(cos && { cos: lastingPlace(task, cos) }),
    defaults: { duration: video.duration, audio: video.audio },
  });
  if (checked.ok) return checked.parameters;
  // Admission checked the same request; only the catalogue can have changed since, by a restart.
  throw new WithdrawnError(
    `The catalogue no longer takes a request it took: ${checked.problems.map(({ code }) => code).join(', ')}.`,
  );
}

/** Results go to the operator's bucket, in a folder per guild and task. */
export function lastingPlace(
  { id, origin }: Task,
  { bucket, region, outputDir }: NonNullable<Config['cos']>,
) {
  return { bucket, region, path: `${outputDir}${origin.guildId ?? 'direct'}/${id.replace(':', '-')}/` };
}
