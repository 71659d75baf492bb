/** Limits, what is used and what is left. */
export const quota = {
  'scope.guild': '这个服务器',
  'scope.member': '每位成员',
  'scope.role': '拥有某身份组的每位成员',
  'measure.image.day': '张图片（每天）',
  'measure.image.month': '张图片（每月）',
  'measure.second.day': '秒视频（每天）',
  'measure.second.month': '秒视频（每月）',
  'measure.cost.day': '花费（每天）',
  'measure.cost.month': '花费（每月）',
  'measure.open': '个同时进行的任务',
  'standing.member': '你',
  'standing.user': '你（所有服务器和私信合计）',
  'standing.guild': '这个服务器',
  'standing.total': '所有人合计（仅运营者可见）',
  'standing.limited': '{{bar}} 已用 {{used}}，上限 {{max}} {{what}}',
  'standing.free': '已用 {{used}} {{what}}，没有上限',
  'standing.reserved': '其中 {{reserved}} 进行中',
  'standing.resets': '<t:{{resets}}:R>恢复',
  'standing.none': '还没有用量，也没有上限。',
  'limits.set': '{{who}}：从现在起最多 {{max}} {{what}}。',
  'limits.unset': '{{who}}：不再单独限制“{{what}}”。',
  'limits.ceiling': '这个机器人的管理者最多允许 {{max}}，这一点始终有效。',
  'limits.tooHigh':
    '没有修改。这个机器人的管理者在这里最多允许 {{max}} {{what}}：请设成这个数或更小，或向管理者申请更多。',
  'limits.unpriced':
    '只有知道价格的模型才能按花费限制，以下模型没有价格：{{models}}。请在 /settings 中停用它们，或同时限制图片和秒数。',
  'limits.whole': '这里只能用整数，{{asked}} 不是整数。可以用 {{use}}。',
  'limits.role.missing': '请说明是哪个身份组：填写 role 选项。',
  'limits.role.stray': '只有范围选为身份组时才能填写身份组。请改选范围，或去掉身份组。',
  'limits.granted': '{{who}}：额外 {{extra}} {{what}}，直到 <t:{{until}}:f>。',
  'limits.granted.free': '成员目前没有这一项的上限，设置上限之后才会有区别。',
  'limits.granted.ceiling': '加上额外的用量也不会超过 {{max}}：这是这个机器人的管理者允许的最大值。',
  'limits.ungranted': '{{who}}：不再有额外的“{{what}}”。',
  'limits.grant.whom': '请说明给谁：填写成员或身份组之一。',
  'limits.grant.full': '已有 {{max}} 项额外用量，不能再添加。请用 extra 0 收回一项，或等其中一项到期。',
  'ceiling.set': '服务器 {{guild}}，{{who}}：最多 {{max}} {{what}}。',
  'ceiling.lifted': '服务器 {{guild}}，{{who}}：不限制“{{what}}”。',
  'ceiling.usual': '服务器 {{guild}}，{{who}}：“{{what}}”恢复为通常的上限。',
  'ceiling.both': '数量和不限制只能二选一。',
  'ceiling.guild':
    '{{asked}} 不是服务器 ID。请在 Discord 中打开开发者模式，右键点击服务器，选择“复制服务器 ID”。',
  'scope.ceiling.guild': '整个服务器',
  'scope.ceiling.member': '每位成员',
  'history.title': '自 <t:{{since}}:D> 起（包括进行中的）：',
  'history.none': '自 <t:{{since}}:D> 起没有用量。',
  'history.images': '图片 {{count}} 张',
  'history.seconds': '视频 {{count}} 秒',
  'history.cost': '花费 {{amount}} {{currency}}',
  'history.gone': '已删除数据的人',
  'history.others': '还有 {{count}} 人，见文件',
  'history.perhaps':
    '中途断开、已退还额度，但腾讯云可能仍会计费（文件中为 perhaps_billed）：{{count}} 个任务',
  'history.cut': '文件中是最近的 {{count}} 个任务，Discord 放不下更多。',
  'failure.quota.member.image.day': '你每天可以用 {{max}} 张图片，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.guild.image.day':
    '这个服务器每天可以用 {{max}} 张图片，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.member.image.month': '你每月可以用 {{max}} 张图片，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.guild.image.month':
    '这个服务器每月可以用 {{max}} 张图片，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.member.second.day': '你每天可以用 {{max}} 秒视频，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.guild.second.day':
    '这个服务器每天可以用 {{max}} 秒视频，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.member.second.month': '你每月可以用 {{max}} 秒视频，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.guild.second.month':
    '这个服务器每月可以用 {{max}} 秒视频，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.member.cost.day':
    '你每天可以花费 {{max}}，还剩 {{left}}，不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.guild.cost.day':
    '这个服务器每天可以花费 {{max}}，还剩 {{left}}，不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.member.cost.month':
    '你每月可以花费 {{max}}，还剩 {{left}}，不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.guild.cost.month':
    '这个服务器每月可以花费 {{max}}，还剩 {{left}}，不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.member.open': '你最多同时进行 {{max}} 个任务。请等其中一个完成，或在 /tasks 中取消一个。',
  'failure.quota.guild.open': '这个服务器最多同时进行 {{max}} 个任务。请等其中一个完成。',
  'failure.quota.user.image.day':
    '你在所有服务器和私信中每天一共可以用 {{max}} 张图片，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.total.image.day':
    '今天这个机器人供所有人使用的图片额度还剩 {{left}} 张。<t:{{resets}}:R>恢复。',
  'failure.quota.user.image.month':
    '你在所有服务器和私信中每月一共可以用 {{max}} 张图片，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.total.image.month':
    '本月这个机器人供所有人使用的图片额度还剩 {{left}} 张。<t:{{resets}}:R>恢复。',
  'failure.quota.user.second.day':
    '你在所有服务器和私信中每天一共可以用 {{max}} 秒视频，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.total.second.day':
    '今天这个机器人供所有人使用的视频额度还剩 {{left}} 秒。<t:{{resets}}:R>恢复。',
  'failure.quota.user.second.month':
    '你在所有服务器和私信中每月一共可以用 {{max}} 秒视频，还剩 {{left}}。<t:{{resets}}:R>恢复。',
  'failure.quota.total.second.month':
    '本月这个机器人供所有人使用的视频额度还剩 {{left}} 秒。<t:{{resets}}:R>恢复。',
  'failure.quota.user.cost.day':
    '你在所有服务器和私信中每天一共可以花费 {{max}}，还剩 {{left}}，不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.total.cost.day': '这个机器人今天剩余的预算不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.user.cost.month':
    '你在所有服务器和私信中每月一共可以花费 {{max}}，还剩 {{left}}，不够这一次。<t:{{resets}}:R>恢复。',
  'failure.quota.total.cost.month': '这个机器人本月剩余的预算不够这一次。<t:{{resets}}:R>恢复。',
  'quota.fixed.image': '这个模型每次固定生成 {{amount}} 张图片。想少生成几张，请换一个模型。',
  'quota.fits.second': '{{fits}} 秒以内可以。',
  'quota.fits.chain': '图片加一段 {{fits}} 秒的视频是够的。',
  'quota.fits.alone': '只要图片、不要视频是够的。',
};
