import { aiGenerated, dateOf, type Notes } from './provenance-notes.js';

/** IPTC's word for what a model made of words alone (cv.iptc.org/newscodes/digitalsourcetype). */
const sourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const namespaces = [
  'xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
  'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"',
].join(' ');

/** An XMP packet (ISO 16684-1) with the notes, beside what `packet` held already. */
export function writeXmp(notes: Notes, packet?: string): string {
  const description = describe(notes);
  const end = packet?.lastIndexOf('</rdf:RDF>') ?? -1;
  if (packet !== undefined && end >= 0) return packet.slice(0, end) + description + packet.slice(end);
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `${description}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
  ].join('');
}

function describe(notes: Notes): string {
  const { model, prompt, taskId, label } = notes;
  const date = dateOf(notes);
  const words = prompt === undefined ? aiGenerated : `${aiGenerated}: ${prompt}`;
  return [
    `<rdf:Description rdf:about="" ${namespaces}>`,
    ...(model === undefined
      ? []
      : [
          `<xmp:CreatorTool>${escapeXml(model)}</xmp:CreatorTool>`,
          `<Iptc4xmpExt:DigitalSourceType>${sourceType}</Iptc4xmpExt:DigitalSourceType>`,
          `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(words)}</rdf:li></rdf:Alt></dc:description>`,
        ]),
    ...(date ? [`<xmp:CreateDate>${date}</xmp:CreateDate>`] : []),
    ...(taskId === undefined ? [] : [`<dc:identifier>${escapeXml(taskId)}</dc:identifier>`]),
    ...(label === undefined ? [] : [`<TC260:AIGC>${escapeXml(label)}</TC260:AIGC>`]),
    '</rdf:Description>',
  ].join('');
}

/** As XML 1.0 can hold it: without control signs and halves of letters. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ' ')
    .replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
