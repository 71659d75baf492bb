/** 命令、提及或按钮被拒绝的原因。 */
export const errors = {
  'error.guildOnly': '此命令只能在已添加 Easel 的服务器中使用。',
  'error.manageGuild': '这需要“管理服务器”权限。请让有此权限的人操作，或请他们给你这个权限。',
  'error.operatorOnly': '仅限机器人的运营者使用。',
  'error.policy.channel': '在这个服务器，Easel 只能在 {{channels}} 中使用。',
  'error.policy.role': '在这个服务器，只有拥有 {{roles}} 的成员可以使用 Easel。请向服务器管理员申请。',
  'error.policy.model': '{{model}} 在这个服务器已停用。请选择其他模型，或不指定模型。',
  'error.policy.content.image': '在这个服务器，只能在年龄限制频道中生成图片。请到那里使用。',
  'error.policy.content.video': '在这个服务器，只能在年龄限制频道中生成视频。请到那里使用。',
  'error.release.soon': '这个任务的状态正在变化，请稍后再试。',
  'error.release.waiting': '这个任务还在排队。点它下面的“取消”，或在 /tasks 中取消，不会扣费。',
  'error.release.coming': '这个任务已经完成，马上就会发布，不需要再等。发布后可以删除。',
  'error.release.came': '这个结果已经发布。不想要的话，点它下面的“删除”。',
  'error.release.over': '这个任务已经结束，不需要再等。',
  'error.release.notYours': '只有提交者或管理员可以这样做。',
  'error.release.moderated': '管理员已经处理了这个任务。如果你仍然需要，请联系他们。',
  'error.delete.off': '在这个服务器，只有管理员可以删除结果，请联系他们。',
  'error.delete.unknown': '我已经不知道这是谁提交的了，所以只有管理员可以删除，请联系他们。',
  'error.delete.notYours': '只有提交者或管理员可以删除。',
  'error.details.private': '这是私密结果，只有提交者能查看详情。',
  'error.form.gone': '这个表单打开太久了，请重新打开。',
  'error.form.notYours': '这个表单是别人打开的，请自己打开一个。',
  'error.disabled.additional':
    '这个结果使用了附加参数，而这里已关闭附加参数。请点“修改”，不带附加参数重新提交。',
  'error.access.guild':
    '我不接受这个服务器的新任务：可以使用的服务器由机器人的运营者决定。之前的任务仍会完成。',
  'error.access.direct': '我不接受私信中的任务。请在服务器里使用我。',
  'error.access.userInstall':
    '我只在添加了我的服务器里接受任务。请让能管理这个服务器的人添加我，或者在其他服务器里使用我。',
  'error.noPicture': '这条消息里没有图片。请选择一条有图片的消息。',
  'reply.help':
    '提及我并写下描述，我就画出来；回复一张图片、提及我并说明会发生什么，我就让它动起来。选项写在最后，例如 --ar 9:16 或 --duration 10。',
  'reply.withheld': '我在这里看不到那张图片。请右键点击它（手机上长按），选择“应用 › 动起来”。',
  'reply.private': '在这个服务器，回复只给提交者看，而对提及的回复所有人都能看到。请改用：',
  'reply.private.image': '· /imagine 加上你的描述，用来画图',
  'reply.private.video':
    '· /animate 加上你的描述，用来生成视频；或者右键点击一张图片（手机上长按），选择“应用 › 动起来”',
  'media.clip': '{{name}} 是视频或音频，而我只能使用图片，所以没有提交任务。请换一张图片，或者只发送描述。',
  'media.useless':
    '{{name}} 不是我能打开的图片，所以没有提交任务。请以 PNG 或 JPEG 格式上传，或者只发送描述。',
  'reply.unfinished': '那张图片还没有完成，所以没有提交任务。等它完成后再回复它。',
  'reply.lost': '找不到你回复的那条消息，可能已被删除。请把图片和描述一起上传。',
  'reply.noSuchPicture':
    '这里有 {{count}} 张图片，没有第 {{asked}} 张。请以 1 到 {{count}} 的数字加冒号开头。',
  'error.internal':
    'Easel 内部出了问题，任务没有提交。如果再次发生，请把编号 {{incident}} 告诉机器人的运营者。',
  'error.store': 'Easel 暂时无法保存新任务，所以先不接受。之前的任务会继续进行。请过几分钟再试。',
  'error.stopping': 'Easel 正在重启，请稍后再试。',
  'error.disabled.image': '这个机器人关闭了图片功能。',
  'error.disabled.video': '这个机器人关闭了视频功能。',
  'error.refused.words':
    'Discord 拦截了我的回复，因为其中复述的文字不被允许（多半是本服务器的 AutoMod）。请换个说法，或私信问我。',
  'error.refused.file': '这条回复中的文件被 Discord 的媒体过滤器拦截，所以无法在这里显示。',
  'error.thread.locked': '这个子区已锁定，我无法在这里发布结果。任务没有提交。请换个频道，或请管理员解锁。',
  'error.permission.view': '我看不到这个频道，所以没有开始。请换个频道，或请管理员给我“查看频道”权限。',
  'error.permission.send': '我不能在这个频道发言，所以没有开始。请换个频道，或请管理员给我“发送消息”权限。',
  'error.permission.sendInThread':
    '我不能在这个子区发言，所以没有开始。请换个地方，或请管理员给我“在子区内发送消息”权限。',
  'error.permission.attach':
    '我不能在这个频道发送文件，所以没有开始。请换个频道，或请管理员给我“附加文件”权限。',
  'error.command.unknown': '这个命令已经失效。请刷新 Discord，再从列表中选择。',
  'error.button.unknown': '这个按钮来自旧版 Easel，已经失效。请改用命令。',
  'error.button.notYours': '这是别人的任务，只有提交者才能领取。',
  'error.button.collecting': '正在发送，会出现在你第一次点击的地方。',
  'error.away': 'Easel 的部分服务暂时不可用。什么都没有丢失，请稍后再试。',
  'error.button.nothingKept': '没有可以领取的结果：它已经发布，或仍在生成。',
  'error.cancel.late': '来不及取消了：已经在生成，会计入用量。完成后你会收到结果。',
  'error.cancel.notYours': '只有提交者或管理员可以取消。',
  'error.upscale.none': '这个模型没有更高的分辨率了。请点“修改”换一个模型。',
  'error.moderatorsOnly': '只有能管理本服务器或其消息的成员才能查看所有人的任务。去掉 whose 即可查看自己的。',
  'error.button.gone': '这个任务的记录已经没有了（时间太久，或数据已被删除）。请改用命令。',
};
