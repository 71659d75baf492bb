import { parse } from 'discord-markdown-parser';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useSeen, useWords } from '../../client-context.js';
import { relativeTo, styled } from '../../time-format.js';
import { useNow } from '../use-now.js';
import { Address } from './address.js';
import { type Block, blocksOf } from './markdown-blocks.js';
import { Mention } from './mention.js';

type Node = ReturnType<typeof parse>[number];

/** Words of a message, formatted as Discord formats them. */
export function Markdown({ source }: { readonly source: string }) {
  return (
    <>
      {blocksOf(source).map((block, index) => (
        // Blocks have no names but their place.
        <BlockView key={`${index}${block.kind}`} block={block} />
      ))}
    </>
  );
}

function BlockView({ block: { kind, text, level } }: { readonly block: Block }) {
  const inner = kind === 'code' ? text : <Inline source={text} />;
  switch (kind) {
    case 'quote':
      return <blockquote class="md-quote">{inner}</blockquote>;
    case 'subtext':
      return <p class="md-subtext">{inner}</p>;
    case 'heading':
      return <p class={`md-heading md-heading-${level}`}>{inner}</p>;
    case 'item':
      return <p class="md-item">{inner}</p>;
    case 'code':
      return (
        <pre class="md-code">
          <code>{inner}</code>
        </pre>
      );
    default:
      return <p class="md-text">{inner}</p>;
  }
}

function Inline({ source }: { readonly source: string }) {
  return <>{draw(parse(source, 'extended'))}</>;
}

/** The words of a message on one line, as a reply quotes them: nothing in it can be pressed. */
export function Preview({ source }: { readonly source: string }) {
  const line = blocksOf(source)
    .map(({ text }) => text)
    .join(' ');
  return <>{draw(parse(line.replaceAll('\n', ' '), 'extended'), true)}</>;
}

function draw(nodes: readonly Node[], isPreview = false): ComponentChildren {
  return nodes.map((node, index) => (
    <NodeView key={`${index}${node.type}`} node={node} isPreview={isPreview} />
  ));
}

const wrapping = { em: 'em', strong: 'strong', underline: 'u', strikethrough: 's' } as const;

function NodeView({ node, isPreview }: { readonly node: Node; readonly isPreview: boolean }) {
  const inner = Array.isArray(node.content) ? draw(node.content, isPreview) : String(node.content ?? '');
  switch (node.type) {
    case 'em':
    case 'strong':
    case 'underline':
    case 'strikethrough': {
      const Tag = wrapping[node.type];
      return <Tag>{inner}</Tag>;
    }
    case 'inlineCode':
      return <code class="md-inline-code">{inner}</code>;
    case 'spoiler':
      return isPreview ? <HiddenSpoiler>{inner}</HiddenSpoiler> : <Spoiler>{inner}</Spoiler>;
    case 'br':
    case 'newline':
      return <br />;
    case 'url':
    case 'autolink':
    case 'link':
      if (isPreview) return <>{inner}</>;
      return (
        <Address target={String(node.target ?? '')} isBare={node.type !== 'link'}>
          {inner}
        </Address>
      );
    case 'timestamp':
      return <Moment seconds={Number(node.timestamp)} style={String(node.format ?? 'f')} />;
    case 'user':
    case 'role':
    case 'channel':
      return <Mention kind={node.type} id={String(node.id)} isPlain={isPreview} />;
    case 'everyone':
    case 'here':
      return <span class="mention">@{node.type}</span>;
    case 'slashCommand':
      return <span class="mention">/{String(node.fullName)}</span>;
    case 'emoji':
    case 'twemoji':
    case 'emoticon':
      return <>{String(node.name ?? inner)}</>;
    default:
      return <>{inner}</>;
  }
}

function Moment({ seconds, style }: { readonly seconds: number; readonly style: string }) {
  const locale = useSeen(({ world }) => world?.me.locale ?? 'en-US');
  const now = useNow(style === 'R' ? 1_000 : 60_000);
  const at = seconds * 1000;
  const full = styled(at, 'F', locale);
  return (
    <time class="md-time" dateTime={new Date(at).toISOString()} title={full}>
      {style === 'R' ? relativeTo(at, now, locale) : styled(at, style, locale)}
    </time>
  );
}

function HiddenSpoiler({ children }: { readonly children: ComponentChildren }) {
  return (
    <span class="md-spoiler">
      <span aria-hidden="true">{children}</span>
    </span>
  );
}

function Spoiler({ children }: { readonly children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const words = useWords();
  if (isOpen) return <span class="md-spoiler md-spoiler-open">{children}</span>;
  return (
    <button type="button" class="md-spoiler" aria-label={words.spoiler} onClick={() => setOpen(true)}>
      <span aria-hidden="true">{children}</span>
    </button>
  );
}
