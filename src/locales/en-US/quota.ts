/** Limits, what is used and what is left. */
export const quota = {
  'scope.guild': 'This server',
  'scope.member': 'Each member',
  'scope.role': 'Each member with a role',
  'measure.image.day': 'pictures a day',
  'measure.image.month': 'pictures a month',
  'measure.second.day': 'seconds of video a day',
  'measure.second.month': 'seconds of video a month',
  'measure.cost.day': 'money a day',
  'measure.cost.month': 'money a month',
  'measure.open': 'orders open at once',
  'standing.member': 'You',
  'standing.user': 'You, across all servers and direct messages',
  'standing.guild': 'This server',
  'standing.total': 'Everyone together (only operators see this)',
  'standing.limited': '{{bar}} {{used}} of {{max}} {{what}}',
  'standing.free': '{{used}} {{what}}, without a limit',
  'standing.reserved': '{{reserved}} of it on its way',
  'standing.resets': 'resets <t:{{resets}}:R>',
  'standing.none': 'Nothing was used yet, and nothing is limited.',
  'limits.set': '{{who}}: at most {{max}} {{what}} from now on.',
  'limits.unset': '{{who}}: no limit of your own on {{what}} any more.',
  'limits.ceiling': 'The operator of this bot allows at most {{max}}, and that holds in any case.',
  'limits.tooHigh':
    'Nothing was changed. The operator of this bot allows at most {{max}} {{what}} here: set that or less, or ask them for more.',
  'limits.unpriced':
    'Money is limited only where prices are known, and these models have none: {{models}}. Switch them off in /settings, or limit pictures and seconds as well.',
  'limits.whole': 'This is counted in whole numbers, and {{asked}} is none. Use {{use}}.',
  'limits.role.missing': 'Say which role: add the option role.',
  'limits.role.stray': 'A role goes with the scope for roles only. Pick that one, or leave out the role.',
  'limits.granted': '{{who}}: {{extra}} more {{what}}, until <t:{{until}}:f>.',
  'limits.granted.free':
    'Members have no limit of this kind now, so it makes a difference only once they have one.',
  'limits.granted.ceiling':
    'Together with it nobody goes above {{max}}: the operator of this bot allows no more.',
  'limits.ungranted': '{{who}}: nothing extra any more on {{what}}.',
  'limits.grant.whom': 'Say who gets it: add either a member or a role.',
  'limits.grant.full':
    'There are {{max}} grants, and no more fit. Take one back with extra 0, or wait until one is over.',
  'ceiling.set': 'Server {{guild}}, {{who}}: at most {{max}} {{what}}.',
  'ceiling.lifted': 'Server {{guild}}, {{who}}: no ceiling on {{what}}.',
  'ceiling.usual': 'Server {{guild}}, {{who}}: the usual ceiling on {{what}} again.',
  'ceiling.both': 'Say either an amount or unlimited, not both.',
  'ceiling.guild':
    "{{asked}} is no server's id. Switch on Developer Mode in Discord, right-click the server and pick Copy Server ID.",
  'scope.ceiling.guild': 'the server',
  'scope.ceiling.member': 'each member',
  'history.title': 'Since <t:{{since}}:D>, what is on its way included:',
  'history.none': 'Nothing was used since <t:{{since}}:D>.',
  'history.images': 'pictures: {{count}}',
  'history.seconds': 'seconds of video: {{count}}',
  'history.cost': '{{amount}} {{currency}}',
  'history.gone': 'people whose data was deleted',
  'history.others': 'and {{count}} more people, in the file',
  'history.perhaps':
    'Broken off, so given back, though Tencent Cloud perhaps bills it (perhaps_billed in the file): {{count}} orders',
  'history.cut': 'The file holds the newest {{count}} orders; Discord takes no more.',
  'failure.quota.member.image.day':
    'You may use {{max}} pictures a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.image.day':
    'This server may use {{max}} pictures a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.image.month':
    'You may use {{max}} pictures a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.image.month':
    'This server may use {{max}} pictures a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.second.day':
    'You may use {{max}} seconds of video a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.second.day':
    'This server may use {{max}} seconds of video a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.second.month':
    'You may use {{max}} seconds of video a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.guild.second.month':
    'This server may use {{max}} seconds of video a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.member.cost.day':
    'You may spend {{max}} a day, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.day':
    'This server may spend {{max}} a day, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.member.cost.month':
    'You may spend {{max}} a month, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.month':
    'This server may spend {{max}} a month, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.member.open':
    'You may have {{max}} orders open at once. Wait until one is done, or cancel one in /tasks.',
  'failure.quota.guild.open': 'This server may have {{max}} orders open at once. Wait until one is done.',
  'failure.quota.user.image.day':
    'Across all servers and direct messages you may use {{max}} pictures a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.image.day':
    'For everyone who uses this bot together, {{left}} pictures are left today. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.image.month':
    'Across all servers and direct messages you may use {{max}} pictures a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.image.month':
    'For everyone who uses this bot together, {{left}} pictures are left this month. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.second.day':
    'Across all servers and direct messages you may use {{max}} seconds of video a day, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.second.day':
    'For everyone who uses this bot together, {{left}} seconds of video are left today. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.second.month':
    'Across all servers and direct messages you may use {{max}} seconds of video a month, and {{left}} are left. New ones come <t:{{resets}}:R>.',
  'failure.quota.total.second.month':
    'For everyone who uses this bot together, {{left}} seconds of video are left this month. New ones come <t:{{resets}}:R>.',
  'failure.quota.user.cost.day':
    'Across all servers and direct messages you may spend {{max}} a day, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.total.cost.day':
    "What is left of this bot's budget for today is not enough for this. It resets <t:{{resets}}:R>.",
  'failure.quota.user.cost.month':
    'Across all servers and direct messages you may spend {{max}} a month, and {{left}} is left, which is not enough for this. It resets <t:{{resets}}:R>.',
  'failure.quota.total.cost.month':
    "What is left of this bot's budget for this month is not enough for this. It resets <t:{{resets}}:R>.",
  'quota.fixed.image':
    'This model always makes {{amount}} pictures at once. Pick another model to make fewer.',
  'quota.fits.second': '{{fits}} seconds would fit.',
  'quota.fits.chain': 'The picture and a clip of {{fits}} seconds would fit.',
  'quota.fits.alone': 'The picture without a clip would fit.',
};
