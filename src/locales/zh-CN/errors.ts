/** Why a command, a mention or a button is refused. */
export const errors = {
  'error.guildOnly': '这属于有 Easel 作为成员的服务器。请在那里的频道中使用。',
  'error.manageGuild': '这需要“管理服务器”权限。请让有权限的人来做，或请他们给你这个权限。',
  'error.operatorOnly': '这只限这个机器人的管理者使用。',
  'error.policy.channel': '在这个服务器，Easel 只在 {{channels}} 中工作。请到那里使用。',
  'error.policy.role': '在这个服务器，只有拥有 {{roles}} 的成员可以使用 Easel。请向服务器管理员申请。',
  'error.policy.model': '{{model}} 在这个服务器已停用。请选择其他模型，或不指定模型。',
  'error.policy.content.image': '在这个服务器，只能在年龄限制频道中生成图片。请到那里使用。',
  'error.policy.content.video': '在这个服务器，只能在年龄限制频道中生成视频。请到那里使用。',
  'error.release.soon': '这个任务正好在变动，请稍后再看。',
  'error.release.waiting': '这个任务还在排队。点它下面的“取消”，或在 /tasks 里取消，不会扣费。',
  'error.release.coming': '这个任务已经完成，正在送来，没有什么可以放手的了。送到后可以删除。',
  'error.release.came': '这个结果已经发出来了。不想要的话，点它下面的“删除”。',
  'error.release.over': '这个任务已经结束，没有什么可以放手的了。',
  'error.release.notYours': '只有下单的人或管理员可以放手这个任务。',
  'error.release.moderated': '管理员已经放手这个任务。如果你仍然需要，请联系他们。',
  'error.delete.off': '这里只有管理员可以删除结果，请联系他们。',
  'error.delete.notYours': '只有下单的人或管理员才能删除。',
  'error.details.private': '这是只给一个人看的结果，只有本人能查看详情。',
  'error.form.gone': '这个表单打开太久了，请重新打开。',
  'error.form.notYours': '这个表单是别人打开的。请自己打开一个。',
  'error.disabled.additional':
    '这个结果使用了附加参数，而这里已关闭附加参数。请点“修改”，不带附加参数重新下单。',
  'error.access.guild':
    '我不接受这个服务器的新任务：可以使用的服务器由这个机器人的管理者决定。之前的任务仍会送达。',
  'error.access.direct': '我不接受私信中的新任务。请在服务器里使用我。',
  'error.access.userInstall':
    '我只在添加了我的服务器里接受任务。请让这个服务器的管理者添加我，或者在其他服务器里使用我。',
  'error.noPicture': '这条消息里没有图片。请选择一条有图片的消息。',
  'reply.help':
    '请告诉我要生成什么。提到我并写几句话，我就画出来；回复一张图片、提到我并说明会发生什么，图片就会动起来。选项写在最后，例如 --ar 9:16 或 --duration 10。',
  'reply.withheld':
    'Discord 不让我看到别人的消息，所以我看不到你回复的那张图片。有两个办法：右键点击那条消息（手机上长按），选择“应用 › 动起来”；或者请机器人的管理者设置 MESSAGE_CONTENT_INTENT=true。',
  'reply.private': '这个服务器的回答只给提问的人看，而对提及的回复所有人都能看到。可以这样做：',
  'reply.private.image': '· 用 /imagine 加上你的描述来画图',
  'reply.private.video':
    '· 用 /animate 加上你的描述来生成视频；或者右键点击一张图片（手机上长按），选择“应用 › 动起来”',
  'media.clip': '{{name}} 是视频或音频，而我只能处理图片，所以没有下单。请换一张图片，或者只发送文字。',
  'media.useless': '{{name}} 不是我能打开的图片，所以没有下单。请以 png 或 jpeg 格式上传，或者只发送文字。',
  'reply.unfinished': '那张图片还没有完成，所以没有下单。等它完成后再回复它。',
  'reply.lost': '找不到你回复的那条消息，可能已被删除。请把图片和你的话一起发送。',
  'reply.noSuchPicture':
    '这里有 {{count}} 张图片，没有第 {{asked}} 张。请在开头写 1 到 {{count}} 的数字和冒号。',
  'error.internal':
    'Easel 内部出了问题，任务没有提交。如果再次发生，请把编号 {{incident}} 告诉这个机器人的管理者。',
  'error.store': 'Easel 暂时无法记录新任务，所以先不接单。之前的任务会继续进行。请过几分钟再试。',
  'error.stopping': 'Easel 正在重启，请稍后再试。',
  'error.disabled.image': '这个机器人关闭了图片功能。',
  'error.disabled.video': '这个机器人关闭了视频功能。',
  'error.refused.words':
    'Discord 拒绝了我的回复，因为其中复述的文字被拦截（多半是本服务器的 AutoMod）。请换个说法，或私信问我。',
  'error.refused.file': 'Discord 的媒体过滤器拒绝了这条回复中的文件，所以无法在这里显示。',
  'error.thread.locked': '这个子区已锁定，我无法在这里发布结果。没有下单。请换个频道，或请管理员解锁。',
  'error.permission.view': '我看不到这个频道，无法在这里发布结果。请给 Easel “查看频道”权限，或换个频道。',
  'error.permission.send':
    '我不能在这个频道发言，无法在这里发布结果。请给 Easel “发送消息”权限，或换个频道。',
  'error.permission.sendInThread':
    '我不能在这个子区发言，无法在这里发布结果。请给 Easel “在子区内发送消息”权限，或换个地方。',
  'error.permission.attach':
    '我不能在这个频道上传文件，无法在这里发布结果。请给 Easel “附加文件”权限，或换个频道。',
  'error.command.unknown': '这个命令已经失效。请刷新 Discord，再从列表中选择。',
  'error.button.unknown': '这个按钮来自旧版 Easel，已经失效。请改用命令。',
  'error.button.notYours': '这是别人的任务，只有下单的人才能领取。',
  'error.button.collecting': '正在送来：会出现在你第一次点击的地方。',
  'error.away': '负责这个任务的那部分 Easel 暂时不在工作。什么都没有丢失，请稍后再试一次。',
  'error.button.nothingKept': '这个结果无需领取：它已经发布，或仍在进行中。',
  'error.cancel.late': '已经来不及取消：MPS 正在生成并会计费，完成后会发出来。',
  'error.cancel.notYours': '只有下单的人或管理员才能取消。',
  'error.upscale.none': '它的模型没有更高的清晰度了。请点“修改”换一个模型。',
  'error.moderatorsOnly': '只有能管理本服务器或其消息的人才能查看所有人的任务。去掉 whose 即可查看自己的。',
  'error.button.gone': '时间太久，我已不记得当时的内容。请改用命令。',
};
