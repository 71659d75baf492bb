/** Limits, what is used and what is left. `_zero` is read if nothing is left. */
export const quota = {
  // Why an order is refused.
  'failure.quota.member.image.day_zero':
    "You've reached your daily picture limit ({{max}}). The limit resets <t:{{resets}}:R>.",
  'failure.quota.member.image.day_one':
    'This needs more than the {{left}} picture you have left today (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.image.day_other':
    'This needs more than the {{left}} pictures you have left today (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.image.day_zero':
    'This server has reached its daily picture limit ({{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.image.day_one':
    'This needs more than the {{left}} picture this server has left today (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.image.day_other':
    'This needs more than the {{left}} pictures this server has left today (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.image.month_zero':
    "You've reached your monthly picture limit ({{max}}). The limit resets <t:{{resets}}:R>.",
  'failure.quota.member.image.month_one':
    'This needs more than the {{left}} picture you have left this month (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.image.month_other':
    'This needs more than the {{left}} pictures you have left this month (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.image.month_zero':
    'This server has reached its monthly picture limit ({{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.image.month_one':
    'This needs more than the {{left}} picture this server has left this month (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.image.month_other':
    'This needs more than the {{left}} pictures this server has left this month (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.second.day_zero':
    "You've reached your daily clip limit ({{max}} s). The limit resets <t:{{resets}}:R>.",
  'failure.quota.member.second.day_other':
    'This needs more than the {{left}} s of clips you have left today (limit: {{max}} s). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.second.day_zero':
    'This server has reached its daily clip limit ({{max}} s). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.second.day_other':
    'This needs more than the {{left}} s of clips this server has left today (limit: {{max}} s). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.second.month_zero':
    "You've reached your monthly clip limit ({{max}} s). The limit resets <t:{{resets}}:R>.",
  'failure.quota.member.second.month_other':
    'This needs more than the {{left}} s of clips you have left this month (limit: {{max}} s). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.second.month_zero':
    'This server has reached its monthly clip limit ({{max}} s). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.second.month_other':
    'This needs more than the {{left}} s of clips this server has left this month (limit: {{max}} s). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.cost.day_zero':
    "You've reached your daily spending limit ({{max}}). The limit resets <t:{{resets}}:R>.",
  'failure.quota.member.cost.day_other':
    'This costs more than the {{left}} you have left today (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.day_zero':
    'This server has reached its daily spending limit ({{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.day_other':
    'This costs more than the {{left}} this server has left today (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.cost.month_zero':
    "You've reached your monthly spending limit ({{max}}). The limit resets <t:{{resets}}:R>.",
  'failure.quota.member.cost.month_other':
    'This costs more than the {{left}} you have left this month (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.month_zero':
    'This server has reached its monthly spending limit ({{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.guild.cost.month_other':
    'This costs more than the {{left}} this server has left this month (limit: {{max}}). The limit resets <t:{{resets}}:R>.',
  'failure.quota.member.open':
    "You've reached your limit of orders in progress ({{max}}). Wait until one is done, or cancel one that is waiting in /tasks.",
  'failure.quota.guild.open':
    'This server has reached its limit of orders in progress ({{max}}). Wait until one is done.',
  'failure.quota.user.image.day_zero':
    "You've reached your daily picture limit ({{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.",
  'failure.quota.user.image.day_one':
    'This needs more than the {{left}} picture you have left today (limit: {{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.user.image.day_other':
    'This needs more than the {{left}} pictures you have left today (limit: {{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.image.day_zero':
    'This bot has reached its daily picture limit. The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.image.day_one':
    'This needs more than the {{left}} picture left today for everyone using this bot. The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.image.day_other':
    'This needs more than the {{left}} pictures left today for everyone using this bot. The limit resets <t:{{resets}}:R>.',
  'failure.quota.user.image.month_zero':
    "You've reached your monthly picture limit ({{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.",
  'failure.quota.user.image.month_one':
    'This needs more than the {{left}} picture you have left this month (limit: {{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.user.image.month_other':
    'This needs more than the {{left}} pictures you have left this month (limit: {{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.image.month_zero':
    'This bot has reached its monthly picture limit. The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.image.month_one':
    'This needs more than the {{left}} picture left this month for everyone using this bot. The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.image.month_other':
    'This needs more than the {{left}} pictures left this month for everyone using this bot. The limit resets <t:{{resets}}:R>.',
  'failure.quota.user.second.day_zero':
    "You've reached your daily clip limit ({{max}} s across all servers and direct messages). The limit resets <t:{{resets}}:R>.",
  'failure.quota.user.second.day_other':
    'This needs more than the {{left}} s of clips you have left today (limit: {{max}} s across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.second.day_zero':
    'This bot has reached its daily clip limit. The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.second.day_other':
    'This needs more than the {{left}} s of clips left today for everyone using this bot. The limit resets <t:{{resets}}:R>.',
  'failure.quota.user.second.month_zero':
    "You've reached your monthly clip limit ({{max}} s across all servers and direct messages). The limit resets <t:{{resets}}:R>.",
  'failure.quota.user.second.month_other':
    'This needs more than the {{left}} s of clips you have left this month (limit: {{max}} s across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.second.month_zero':
    'This bot has reached its monthly clip limit. The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.second.month_other':
    'This needs more than the {{left}} s of clips left this month for everyone using this bot. The limit resets <t:{{resets}}:R>.',
  'failure.quota.user.cost.day_zero':
    "You've reached your daily spending limit ({{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.",
  'failure.quota.user.cost.day_other':
    'This costs more than the {{left}} you have left today (limit: {{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.cost.day':
    "This costs more than what is left of this bot's budget for today. The budget resets <t:{{resets}}:R>.",
  'failure.quota.user.cost.month_zero':
    "You've reached your monthly spending limit ({{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.",
  'failure.quota.user.cost.month_other':
    'This costs more than the {{left}} you have left this month (limit: {{max}} across all servers and direct messages). The limit resets <t:{{resets}}:R>.',
  'failure.quota.total.cost.month':
    "This costs more than what is left of this bot's budget for this month. The budget resets <t:{{resets}}:R>.",
  // The order needs more than the limit itself.
  'failure.quota.never.member_zero':
    "Your limit on $t(measure.{{measure}}) is {{max}}, so waiting won't help. Ask an admin of the server or the operator of this bot for a higher limit.",
  'failure.quota.never.member_other':
    "This needs {{need}}, but your limit on $t(measure.{{measure}}) is {{max}}, so waiting won't help. Order less or pick another model, or ask an admin of the server or the operator of this bot for a higher limit.",
  // In direct messages, where no admin can help.
  'failure.quota.never.direct_zero':
    "Your limit on $t(measure.{{measure}}) is {{max}}, so waiting won't help. Ask the operator of this bot for a higher limit.",
  'failure.quota.never.direct_other':
    "This needs {{need}}, but your limit on $t(measure.{{measure}}) is {{max}}, so waiting won't help. Order less or pick another model, or ask the operator of this bot for a higher limit.",
  'failure.quota.never.guild_zero':
    "This server's limit on $t(measure.{{measure}}) is {{max}}, so waiting won't help. Ask an admin of the server or the operator of this bot for a higher limit.",
  'failure.quota.never.guild_other':
    "This needs {{need}}, but this server's limit on $t(measure.{{measure}}) is {{max}}, so waiting won't help. Order less or pick another model, or ask an admin of the server or the operator of this bot for a higher limit.",
  'failure.quota.never.user_zero':
    "Your limit on $t(measure.{{measure}}) across all servers and direct messages is {{max}}, so waiting won't help. Ask the operator of this bot for a higher limit.",
  'failure.quota.never.user_other':
    "This needs {{need}}, but your limit on $t(measure.{{measure}}) across all servers and direct messages is {{max}}, so waiting won't help. Order less or pick another model, or ask the operator of this bot for a higher limit.",
  'failure.quota.never.total_zero':
    "This bot's limit on $t(measure.{{measure}}) is 0, so no one can order this. Ask the operator of this bot for a higher limit.",
  'failure.quota.never.total_other':
    "This needs more than this bot's limit on $t(measure.{{measure}}), so waiting won't help. Order less or pick another model, or ask the operator of this bot for a higher limit.",
  'quota.fixed.image':
    'This model always makes {{amount}} pictures at a time. Pick another model to make fewer.',
  'quota.fits.second': 'What is left is enough for a clip of up to {{fits}} s.',
  'quota.fits.chain': 'What is left is enough for the picture with a clip of up to {{fits}} s.',
  'quota.fits.alone': 'You can still make the picture without a clip.',
  'quota.fits.set.image_one': 'What is left is enough for one of the pictures.',
  'quota.fits.set.image_other': 'What is left is enough for {{count}} of the pictures.',
  'quota.fits.set.second_one': 'What is left is enough for one of the clips.',
  'quota.fits.set.second_other': 'What is left is enough for {{count}} of the clips.',
  'quota.fits.set.alone': 'You can still make the pictures without a clip.',

  // Choices of a command.
  'scope.guild': 'This server',
  'scope.member': 'Each member',
  'scope.role': 'Each member with a role',
  'measure.image.day': 'pictures per day',
  'measure.image.month': 'pictures per month',
  'measure.second.day': 'seconds of clips per day',
  'measure.second.month': 'seconds of clips per month',
  'measure.cost.day': 'spending per day',
  'measure.cost.month': 'spending per month',
  'measure.open': 'orders in progress',

  // `/quota show`
  'standing.member': 'You',
  'standing.user': 'You, across all servers and direct messages',
  'standing.guild': 'This server',
  'standing.total': 'Everyone together (only operators see this)',
  'standing.of.image.day': 'Pictures today',
  'standing.of.image.month': 'Pictures this month',
  'standing.of.second.day': 'Seconds of clips today',
  'standing.of.second.month': 'Seconds of clips this month',
  'standing.of.cost.day': 'Spent today',
  'standing.of.cost.month': 'Spent this month',
  'standing.of.open': 'Orders in progress',
  'standing.limited': '{{bar}} {{what}}: {{used}} of {{max}}',
  'standing.free': '{{what}}: {{used}} (no limit)',
  'standing.barred': '{{what}}: {{used}}',
  'standing.reserved': '{{reserved}} in progress',
  'standing.resets': 'resets <t:{{resets}}:R>',
  'standing.empty': 'none left, more <t:{{resets}}:R>',
  'standing.never': 'not allowed here',
  'standing.none': 'Nothing has been used this month, and no limits are set for you.',

  // `/quota set`, `grant` and `ceiling`
  'limits.money': '{{what}} ({{currency}})',
  'limits.set': '{{who}}: limit on {{what}} set to {{max}}.',
  'limits.unset': '{{who}}: the limit on {{what}} is removed.',
  'limits.ceiling': "The operator's limit of {{max}} still applies.",
  'limits.tooHigh':
    'Nothing was changed. The operator of this bot allows at most {{max}} for {{what}} here: set a lower limit, or ask them for more.',
  'limits.unpriced':
    'Spending is only limited for models with known prices, and these have none: {{models}}. Switch them off in /settings, or limit pictures and seconds as well.',
  'limits.whole': '{{asked}} is not a whole number. Use {{use}}.',
  'limits.role.missing': 'Say which role: add the role option.',
  'limits.role.stray': 'A role only goes with the scope for roles. Pick that scope, or leave out the role.',
  'limits.granted': '{{who}}: limit on {{what}} raised by {{extra}} until <t:{{until}}:f>.',
  'limits.granted.free':
    'This server sets no such limit for its members, so this makes no difference until it does.',
  'limits.granted.ceiling': "Even with this, no one can go above {{max}}: that is the operator's limit.",
  'limits.ungranted': '{{who}}: extra {{what}} removed.',
  'limits.grant.whom': 'Say who gets it: add either a member or a role.',
  'limits.grant.full':
    'There are already {{max}} grants, the maximum. Take one back by setting extra to 0, or wait until one expires.',
  'ceiling.set': 'Server {{guild}}, {{who}}: highest limit on {{what}} set to {{max}}.',
  'ceiling.lifted': 'Server {{guild}}, {{who}}: no highest limit on {{what}}.',
  'ceiling.usual': 'Server {{guild}}, {{who}}: the default highest limit on {{what}} applies again.',
  'ceiling.both': 'Give either an amount or unlimited, not both.',
  'ceiling.guild':
    "{{asked}} isn't a server ID. Turn on Developer Mode in Discord, right-click the server and choose Copy Server ID.",
  'scope.ceiling.guild': 'the server',
  'scope.ceiling.member': 'each member',

  // `/quota history`
  'history.title': 'Since <t:{{since}}:D> (including orders in progress):',
  'history.none': 'Nothing has been used since <t:{{since}}:D>.',
  'history.images_one': '{{count}} picture',
  'history.images_other': '{{count}} pictures',
  'history.seconds': '{{count}} s of clips',
  'history.cost': '{{amount}} {{currency}}',
  'history.gone': 'users whose data was deleted',
  'history.others_one': 'and {{count}} more member, in the file',
  'history.others_other': 'and {{count}} more members, in the file',
  'history.perhaps_one':
    'Interrupted and refunded, but Tencent Cloud may still bill it (perhaps_billed in the file): {{count}} order',
  'history.perhaps_other':
    'Interrupted and refunded, but Tencent Cloud may still bill them (perhaps_billed in the file): {{count}} orders',
  'history.cut_one': 'The file is limited in size and only has the newest {{count}} order.',
  'history.cut_other': 'The file is limited in size and only has the newest {{count}} orders.',
};
