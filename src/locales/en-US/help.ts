/** `/help` and `/about`. */
export const help = {
  'help.title': 'What would you like to do?',
  'help.wish.image': 'Make a picture',
  'help.image': '{{imagine}}, or mention me with the words: {{bot}} a red fox in the snow',
  'help.wish.clip': 'Make a clip',
  'help.clip': '{{animate}}, from your words alone or from a picture',
  'help.clip.both':
    '{{animate}}, from your words alone or from a picture. With {{chained}} in {{imagine}} you get a picture and its clip in one go',
  'help.wish.change': 'Use a picture that is already here',
  'help.change.both':
    'reply to it, mention me and say what should happen in the clip; add --image for a changed picture instead. Or right-click the message (on a phone, hold it): {{menus}}',
  'help.change.clip':
    'reply to it, mention me and say what should happen. Or right-click the message (on a phone, hold it): {{menus}}',
  'help.change.image':
    'reply to it, mention me and say what should change. Or right-click the message (on a phone, hold it): {{menus}}',
  'help.menu': 'Apps › {{menu}}',
  'help.wish.several': 'Choose from several',
  'help.several': '{{order}} with {{several}}; with {{compared}} you see two to four models side by side',
  'help.wish.exact': 'Get it the way you want it',
  'help.exact':
    'the options of {{order}}. In a mention, write them after the words: --model Kling 3.0 --ar 16:9. See {{models}} for what each model can do',
  'help.wish.tasks': 'Follow your orders',
  'help.tasks': '{{tasks}} shows what is in progress, what is waiting for you, and why an order failed',
  'help.wish.gallery': 'See what was made here',
  'help.gallery': '{{gallery}}',
  'help.wish.data': 'See or delete what I store about you',
  'help.data': '{{privacy}}',
  'help.wish.manage': 'Set me up for this server',
  'help.manage': '{{settings}}; limits with {{quota}}',
  'help.chance':
    'Every result is different, even for the same words: chance decides, and no option repeats a result. Again makes a new one, Edit lets you change the order first.',
  'help.rules.title': 'What this server allows',
  'help.rules.direct': 'What you can use here',
  'help.rules.more': '{{help}} shows what you can do, and what you have left.',
  'help.left': 'What you have left',
  'help.unknown': "I can't look this up right now. Try again in a moment.",
  'help.more': '{{about}} shows who runs me, and how I am doing.',
  'about.what': 'I make pictures and clips from your words. {{help}} shows how.',
  'about.contact.support': 'For questions, and to reach the operator, use Support below.',
  'about.contact.operators': 'Operator: {{who}}',
  'about.contact.none': 'The operator gives no contact here. Ask an admin of this server.',
  'about.data': 'What I store about you: {{privacy}}',
  'about.status': 'How I am doing',
  'about.status.well': 'Everything is working.',
  'about.status.busy_one': 'The image service is busy: {{count}} order is waiting for its turn.',
  'about.status.busy_other': 'The image service is busy: {{count}} orders are waiting for their turn.',
  'about.status.silent':
    "The image service isn't answering right now. Orders take longer, or fail without being charged.",
  'about.status.refused':
    'The image service refuses orders at the moment, for a reason that only the operator of this bot can fix. Nothing is charged for these orders.',
  'about.status.store': "I can't save new orders right now, so I refuse them. Try again in a few minutes.",
  'greeting.both': 'Hi, I am Easel: I make pictures and clips from your words.',
  'greeting.image': 'Hi, I am Easel: I make pictures from your words.',
  'greeting.video': 'Hi, I am Easel: I make clips from your words and pictures.',
  'greeting.how':
    'Type {{order}}, or mention me and say what you would like to see. {{help}} shows everything else.',
};
