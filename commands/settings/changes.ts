import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { offerIn } from '../../src/discord/access/guild-catalogue.js';
import { isOn, offKey } from '../../src/discord/access/guild-policy.js';
import { UserError } from '../../src/errors.js';
import { type GuildSettings, zoneOf } from '../../src/guilds/settings.js';
import { compactDurations, type Model } from '../../src/mps/catalogue/catalogue.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { findTimeZone } from '../../src/quota/period.js';
import { changeZone } from '../../src/quota/time-zone.js';

/** Changes to a guild's settings, from the panel or a subcommand. All throw UserError for invalid values. */
type Change = (settings: GuildSettings) => GuildSettings;
export type Place = GuildSettings['content'][Kind];

/** Most channels or roles in a list: a select can't show more. */
export const maxListed = 25;

/** The default model; undefined: the operator's. */
export function usualModel(kind: Kind, asked: string | undefined, { catalogue }: Offer): Change {
  const model = asked === undefined ? undefined : findModel(kind, asked, catalogue);
  return (settings) => {
    const { [`${kind}Model` as const]: _before, ...others } = settings;
    if (!model) return others;
    if (!isOn(settings, kind, model.id))
      throw new UserError({ key: 'rules.error.modelOff', params: { model: model.label } });
    return { ...others, [`${kind}Model` as const]: model.id };
  };
}

function findModel(kind: Kind, asked: string, catalogue: Offer['catalogue']): Model {
  const model = catalogue.find(kind, asked);
  if (!model) throw new UserError({ key: 'rules.error.model', params: { asked } });
  return model;
}

/** Switches models on and off: of those in `among`, the ones in `off` are off afterwards. */
export function switchedOff(
  kind: Kind,
  among: readonly string[],
  off: readonly string[],
  offer: Offer,
): Change {
  return (settings) => {
    const keys = new Set(among.map((id) => offKey(kind, id)));
    const others = settings.modelsOff.filter((key) => !keys.has(key));
    const next = { ...settings, modelsOff: [...others, ...off.map((id) => offKey(kind, id))] };
    const usual = settings[`${kind}Model`];
    if (usual !== undefined && isOn(settings, kind, usual) && !isOn(next, kind, usual)) {
      const model = offer.catalogue.find(kind, usual)?.label ?? usual;
      throw new UserError({ key: 'rules.error.default', params: { model } });
    }
    if (!offer.catalogue.list(kind).some(({ id }) => isOn(next, kind, id)))
      throw new UserError({ key: 'rules.error.last' });
    return next;
  };
}

/** The same for one model, by its name. */
export function switchedModel(kind: Kind, asked: string, on: boolean, offer: Offer): Change {
  const { id } = findModel(kind, asked, offer.catalogue);
  return switchedOff(kind, [id], on ? [] : [id], offer);
}

/** The default video length in seconds; undefined: the operator's. */
export function usualDuration(seconds: number | undefined, offer: Offer): Change {
  return (settings) => {
    const { duration: _before, ...others } = settings;
    if (seconds === undefined) return others;
    const here = offerIn(offer, settings);
    const model = here.catalogue.find('video', here.config.video.model);
    if (model && model.durations.length > 0 && !model.durations.includes(seconds)) {
      const params = { model: model.label, allowed: compactDurations(model.durations), asked: seconds };
      throw new UserError({ key: 'rules.error.duration', params });
    }
    return { ...others, duration: seconds };
  };
}

/** A list of channels or roles with one added, one removed, or cleared. */
export function listed(list: 'channels' | 'roles', action: string, id: string | undefined): Change {
  return (settings) => {
    if (action === 'clear') return { ...settings, [list]: [] };
    if (id === undefined) throw new UserError({ key: 'rules.error.target' });
    const others = settings[list].filter((one) => one !== id);
    if (action === 'remove') return { ...settings, [list]: others };
    if (others.length >= maxListed)
      throw new UserError({ key: 'rules.error.full', params: { max: maxListed } });
    return { ...settings, [list]: [...others, id] };
  };
}

/** The time zone of limits, from the next month on. */
export function timeZone(asked: string, operatorTimeZone: string, now: number): Change {
  const name = findTimeZone(asked);
  if (name === undefined) throw new UserError({ key: 'rules.error.zone', params: { asked } });
  return (settings) => {
    const before = zoneOf(settings, operatorTimeZone);
    const zone = changeZone(before, name, now);
    return zone === before ? settings : { ...settings, zone };
  };
}

/** What can be written into files about how they were made. */
export const provenances = ['off', 'model', 'full'] as const;

/** What is written into files; any other value means the operator's setting. */
export function provenance(asked: string | undefined): Change {
  const level = provenances.find((one) => one === asked);
  return (settings) => {
    const { provenance: _before, ...others } = settings;
    return level === undefined ? others : { ...others, provenance: level };
  };
}

/** How many results one order may have. */
export function mostResults(most: number): Change {
  return (settings) => ({ ...settings, mostResults: most });
}

/** Where images or videos may be made. */
export function contentPlace(kind: Kind, place: Place): Change {
  return (settings) => ({ ...settings, content: { ...settings.content, [kind]: place } });
}
