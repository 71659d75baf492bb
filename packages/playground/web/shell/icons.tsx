/** Signs of the client, drawn here: 24 × 24, in the colour of the text. */
const paths = {
  hash: 'M9.5 4 7.500 20M16.500 4l-2 16M4.500 9h16M3.500 15h16',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  at: 'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Zm0 0v1.500a2.500 2.500 0 0 0 5 0V12a9 9 0 1 0-3.500 7.100',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'm6 6 12 12M18 6 6 18',
  reply: 'M9 8 4 13l5 5M4.500 13H14a6 6 0 0 1 6 6',
  forward: 'M15 8l5 5-5 5M19.500 13H10a6 6 0 0 0-6 6',
  sticker: 'M5 4h14v10l-6 6H5zM19 14h-6v6M9 9.500h.01M15 9.500h.01M9 13a3.500 3.500 0 0 0 3.500 1.500',
  more: 'M5.500 12h.01M12 12h.01M18.500 12h.01',
  edit: 'm5 19 1-4L16.500 4.500l3 3L9 18l-4 1Z',
  remove: 'M5 7h14M10 4h4M7 7l1 13h8l1-13M10 11v5M14 11v5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  message: 'M4 5h16v11H11l-4 4v-4H4z',
  apps: 'M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z',
  plus: 'M12 5v14M5 12h14',
  send: 'm4 12 16-8-6 16-3-7-7-1Z',
  moon: 'M19 14.500A8 8 0 0 1 9.500 5a7.500 7.500 0 1 0 9.500 9.500Z',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600 7 7M17 17l1.400 1.400M18.400 5.600 17 7M7 17l-1.400 1.400',
  gauge: 'M4 18a9 9 0 1 1 16 0M12 14l4-5M12 15.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3Z',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  eye: 'M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  down: 'm6 9 6 6 6-6',
  right: 'm9 6 6 6-6 6',
  check: 'm5 12.500 4.500 4.500L19 7.500',
  warning: 'M12 4 2.500 20h19L12 4ZM12 10v4.500M12 17.500h.01',
  people:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM2.500 20a6.500 6.500 0 0 1 13 0M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500a6.500 6.500 0 0 1 3.500 5.500',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.500 9.500h.01',
  clip: 'M4 6h11v12H4zM15 11l5-3v8l-5-3',
  play: 'M8 5v14l11-7Z',
  power: 'M12 4v8M7 6.500a8 8 0 1 0 10 0',
  again: 'M20 12a8 8 0 1 1-2.500-5.800M20 4v4h-4',
  download: 'M12 4v11M7 10.500l5 5 5-5M5 20h14',
  external: 'M14 5h5v5M19 5l-8 8M18 14v5H5V6h5',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
