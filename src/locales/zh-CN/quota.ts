/** 上限、用量和余量。没有余量时用 `_zero`。 */
export const quota = {
  // 任务被拒绝的原因。
  'failure.quota.member.image.day_zero': '你今天的图片额度（{{max}} 张）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.member.image.day_other':
    '你今天的图片额度只剩 {{left}} 张（上限 {{max}} 张），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.image.day_zero':
    '这个服务器今天的图片额度（{{max}} 张）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.image.day_other':
    '这个服务器今天的图片额度只剩 {{left}} 张（上限 {{max}} 张），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.member.image.month_zero': '你本月的图片额度（{{max}} 张）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.member.image.month_other':
    '你本月的图片额度只剩 {{left}} 张（上限 {{max}} 张），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.image.month_zero':
    '这个服务器本月的图片额度（{{max}} 张）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.image.month_other':
    '这个服务器本月的图片额度只剩 {{left}} 张（上限 {{max}} 张），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.member.second.day_zero': '你今天的视频额度（{{max}} 秒）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.member.second.day_other':
    '你今天的视频额度只剩 {{left}} 秒（上限 {{max}} 秒），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.second.day_zero':
    '这个服务器今天的视频额度（{{max}} 秒）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.second.day_other':
    '这个服务器今天的视频额度只剩 {{left}} 秒（上限 {{max}} 秒），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.member.second.month_zero': '你本月的视频额度（{{max}} 秒）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.member.second.month_other':
    '你本月的视频额度只剩 {{left}} 秒（上限 {{max}} 秒），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.second.month_zero':
    '这个服务器本月的视频额度（{{max}} 秒）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.second.month_other':
    '这个服务器本月的视频额度只剩 {{left}} 秒（上限 {{max}} 秒），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.member.cost.day_zero': '你今天的花费额度（{{max}}）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.member.cost.day_other':
    '你今天的花费额度只剩 {{left}}（上限 {{max}}），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.cost.day_zero': '这个服务器今天的花费额度（{{max}}）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.cost.day_other':
    '这个服务器今天的花费额度只剩 {{left}}（上限 {{max}}），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.member.cost.month_zero': '你本月的花费额度（{{max}}）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.member.cost.month_other':
    '你本月的花费额度只剩 {{left}}（上限 {{max}}），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.cost.month_zero': '这个服务器本月的花费额度（{{max}}）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.guild.cost.month_other':
    '这个服务器本月的花费额度只剩 {{left}}（上限 {{max}}），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.member.open':
    '你进行中的任务已达上限（{{max}} 个）。请等其中一个完成，或在 /任务（/tasks）中取消一个排队中的任务。',
  'failure.quota.guild.open': '这个服务器进行中的任务已达上限（{{max}} 个）。请等其中一个完成。',
  'failure.quota.user.image.day_zero':
    '你今天的图片额度（所有服务器和私信合计 {{max}} 张）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.user.image.day_other':
    '你今天的图片额度只剩 {{left}} 张（所有服务器和私信合计上限 {{max}} 张），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.total.image.day_zero': '这个机器人今天的图片总额度已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.total.image.day_other':
    '这个机器人今天的图片总额度只剩 {{left}} 张，不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.user.image.month_zero':
    '你本月的图片额度（所有服务器和私信合计 {{max}} 张）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.user.image.month_other':
    '你本月的图片额度只剩 {{left}} 张（所有服务器和私信合计上限 {{max}} 张），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.total.image.month_zero': '这个机器人本月的图片总额度已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.total.image.month_other':
    '这个机器人本月的图片总额度只剩 {{left}} 张，不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.user.second.day_zero':
    '你今天的视频额度（所有服务器和私信合计 {{max}} 秒）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.user.second.day_other':
    '你今天的视频额度只剩 {{left}} 秒（所有服务器和私信合计上限 {{max}} 秒），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.total.second.day_zero': '这个机器人今天的视频总额度已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.total.second.day_other':
    '这个机器人今天的视频总额度只剩 {{left}} 秒，不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.user.second.month_zero':
    '你本月的视频额度（所有服务器和私信合计 {{max}} 秒）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.user.second.month_other':
    '你本月的视频额度只剩 {{left}} 秒（所有服务器和私信合计上限 {{max}} 秒），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.total.second.month_zero': '这个机器人本月的视频总额度已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.total.second.month_other':
    '这个机器人本月的视频总额度只剩 {{left}} 秒，不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.user.cost.day_zero':
    '你今天的花费额度（所有服务器和私信合计 {{max}}）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.user.cost.day_other':
    '你今天的花费额度只剩 {{left}}（所有服务器和私信合计上限 {{max}}），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.total.cost.day': '这个机器人今天剩余的预算不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.user.cost.month_zero':
    '你本月的花费额度（所有服务器和私信合计 {{max}}）已用完，<t:{{resets}}:R> 重置。',
  'failure.quota.user.cost.month_other':
    '你本月的花费额度只剩 {{left}}（所有服务器和私信合计上限 {{max}}），不够这一次，<t:{{resets}}:R> 重置。',
  'failure.quota.total.cost.month': '这个机器人本月剩余的预算不够这一次，<t:{{resets}}:R> 重置。',
  // 这一次的用量超过了上限本身。
  'failure.quota.never.member_zero':
    '你的$t(measure.{{measure}})上限是 {{max}}，等待也没有用。请让服务器管理员或机器人的运营者提高上限。',
  'failure.quota.never.member_other':
    '这一次需要 {{need}}，而你的$t(measure.{{measure}})上限是 {{max}}，等待也没有用。请减少用量或换一个模型，或让服务器管理员或机器人的运营者提高上限。',
  // 私信中没有管理员。
  'failure.quota.never.direct_zero':
    '你的$t(measure.{{measure}})上限是 {{max}}，等待也没有用。请让机器人的运营者提高上限。',
  'failure.quota.never.direct_other':
    '这一次需要 {{need}}，而你的$t(measure.{{measure}})上限是 {{max}}，等待也没有用。请减少用量或换一个模型，或让机器人的运营者提高上限。',
  'failure.quota.never.guild_zero':
    '这个服务器的$t(measure.{{measure}})上限是 {{max}}，等待也没有用。请让服务器管理员或机器人的运营者提高上限。',
  'failure.quota.never.guild_other':
    '这一次需要 {{need}}，而这个服务器的$t(measure.{{measure}})上限是 {{max}}，等待也没有用。请减少用量或换一个模型，或让服务器管理员或机器人的运营者提高上限。',
  'failure.quota.never.user_zero':
    '你在所有服务器和私信中的$t(measure.{{measure}})上限合计是 {{max}}，等待也没有用。请让机器人的运营者提高上限。',
  'failure.quota.never.user_other':
    '这一次需要 {{need}}，而你在所有服务器和私信中的$t(measure.{{measure}})上限合计是 {{max}}，等待也没有用。请减少用量或换一个模型，或让机器人的运营者提高上限。',
  'failure.quota.never.total_zero':
    '这个机器人的$t(measure.{{measure}})上限是 0，谁都不能提交。请让机器人的运营者提高上限。',
  'failure.quota.never.total_other':
    '这一次超过了这个机器人的$t(measure.{{measure}})上限，等待也没有用。请减少用量或换一个模型，或让机器人的运营者提高上限。',
  'quota.fixed.image': '这个模型每次固定生成 {{amount}} 张图片。想少生成几张，请换一个模型。',
  'quota.fits.second': '剩余额度还够生成一段最长 {{fits}} 秒的视频。',
  'quota.fits.chain': '剩余额度还够生成图片，外加一段最长 {{fits}} 秒的视频。',
  'quota.fits.alone': '你还可以只生成图片，不要视频。',
  'quota.fits.set.image_other': '剩余额度还够生成其中 {{count}} 张图片。',
  'quota.fits.set.second_other': '剩余额度还够生成其中 {{count}} 段视频。',
  'quota.fits.set.alone': '你还可以只生成这些图片，不要视频。',

  // 命令中的选项。
  'scope.guild': '这个服务器',
  'scope.member': '每位成员',
  'scope.role': '拥有某身份组的每位成员',
  'measure.image.day': '每日图片张数',
  'measure.image.month': '每月图片张数',
  'measure.second.day': '每日视频秒数',
  'measure.second.month': '每月视频秒数',
  'measure.cost.day': '每日花费',
  'measure.cost.month': '每月花费',
  'measure.open': '同时进行的任务数',

  // `/quota show`
  'standing.member': '你',
  'standing.user': '你（所有服务器和私信合计）',
  'standing.guild': '这个服务器',
  'standing.total': '所有人合计（仅运营者可见）',
  'standing.of.image.day': '今日图片（张）',
  'standing.of.image.month': '本月图片（张）',
  'standing.of.second.day': '今日视频（秒）',
  'standing.of.second.month': '本月视频（秒）',
  'standing.of.cost.day': '今日花费',
  'standing.of.cost.month': '本月花费',
  'standing.of.open': '进行中的任务',
  'standing.limited': '{{bar}} {{what}}：{{used}}/{{max}}',
  'standing.free': '{{what}}：{{used}}（不限）',
  'standing.barred': '{{what}}：{{used}}',
  'standing.reserved': '进行中：{{reserved}}',
  'standing.resets': '<t:{{resets}}:R> 重置',
  'standing.empty': '已用完，<t:{{resets}}:R> 重置',
  'standing.never': '此处不可用',
  'standing.none': '本月还没有用量，也没有针对你的上限。',

  // `/quota set`、`grant` 和 `ceiling`
  'limits.money': '{{what}}（{{currency}}）',
  'limits.set': '{{who}}：{{what}}的上限已设为 {{max}}。',
  'limits.unset': '{{who}}：{{what}}的上限已取消。',
  'limits.ceiling': '运营者设定的上限 {{max}} 仍然有效。',
  'limits.tooHigh':
    '没有修改。机器人的运营者在这里最多允许的{{what}}是 {{max}}：请设置更低的上限，或向运营者申请提高。',
  'limits.unpriced':
    '只有价格已知的模型才能按花费限制，以下模型没有价格：{{models}}。请在 /设置（/settings）中停用它们，或同时限制图片和秒数。',
  'limits.whole': '{{asked}} 不是整数。可以用 {{use}}。',
  'limits.role.missing': '请指定身份组：填写“身份组”（role）选项。',
  'limits.role.stray': '只有“对象”选为身份组时才能填写身份组。请改选对象，或去掉身份组。',
  'limits.granted': '{{who}}：{{what}}的上限提高 {{extra}}，直到 <t:{{until}}:f>。',
  'limits.granted.free': '本服务器没有为成员设置这一项上限，设置之后才会生效。',
  'limits.granted.ceiling': '即使加上额外用量，也不会超过运营者设定的上限 {{max}}。',
  'limits.ungranted': '{{who}}：额外的{{what}}已收回。',
  'limits.grant.whom': '请指定对象：填写“成员”或“身份组”其中一项。',
  'limits.grant.full':
    '额外额度已有 {{max}} 项，达到上限。请把其中一项的“额外量”设为 0 收回，或等其中一项到期。',
  'ceiling.set': '服务器 {{guild}}，{{who}}：{{what}}的最高上限已设为 {{max}}。',
  'ceiling.lifted': '服务器 {{guild}}，{{who}}：{{what}}没有最高上限。',
  'ceiling.usual': '服务器 {{guild}}，{{who}}：{{what}}已恢复默认的最高上限。',
  'ceiling.both': '“数量”和“不限”只能选一个。',
  'ceiling.guild':
    '{{asked}} 不是服务器 ID。请在 Discord 中打开开发者模式，右键点击服务器，选择“复制服务器 ID”。',
  'scope.ceiling.guild': '整个服务器',
  'scope.ceiling.member': '每位成员',

  // `/quota history`
  'history.title': '自 <t:{{since}}:D> 起（包括进行中的任务）：',
  'history.none': '自 <t:{{since}}:D> 起没有用量。',
  'history.images_other': '{{count}} 张图片',
  'history.seconds': '{{count}} 秒视频',
  'history.cost': '{{amount}} {{currency}}',
  'history.gone': '已删除数据的用户',
  'history.others_other': '还有 {{count}} 位成员，见文件',
  'history.perhaps_other':
    '提交中断，额度已退还，但腾讯云可能仍会计费（文件中为 perhaps_billed）：{{count}} 个任务',
  'history.cut_other': '文件大小有限，只列出最近的 {{count}} 个任务。',
};
