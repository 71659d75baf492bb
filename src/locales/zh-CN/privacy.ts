/** 保存了关于用户的哪些数据，保存多久。 */
export const privacy = {
  'privacy.kept':
    '每个任务我会保存：你的提示词、你上传的图片的链接、由谁、在何时何处提交、费用，以及回复所在的位置。这些用于完成任务、发布结果，以及“再来一次”按钮。',
  'privacy.days_other':
    '任务结束 {{days}} 天后，这些内容全部删除。如果 Discord 曾在你的私信中因文件过大而拒收，我会在 30 天内记住那里的大小上限。',
  'privacy.archive_other':
    '每个结果的原件还会在机器人运营者的磁盘上保存 {{days}} 天；你删除数据时，它也会一并删除。',
  'privacy.cos':
    '每个结果的副本会留在机器人运营者的云存储（腾讯云 COS）中，没有期限，直到运营者将其移除；删除你的数据时，我不会删除它。如需删除，请联系运营者。',
  'privacy.sources.cos': '你上传的图片也会放在该存储中，直到所属任务结束。',
  'privacy.sources.discord':
    '你上传的图片会从 Discord 获取。需要先转换格式的图片会附在任务消息上，能看到这条消息的人都能看到它，直到任务结束。',
  'privacy.mps':
    '你的提示词和图片会发送给腾讯云，由其生成服务生成结果。已发布的内容会留在 Discord，直到有人在那里删除。',
  'privacy.guild': '每个服务器我会保存它的设置。服务器移除我之后，设置会删除，其任务内容也会一并清除。',
  'privacy.account':
    '如果你删除数据，任务的时间和费用会保留到上述期限为止，用一个编号代替你，这样上限才能继续计算。',
  'privacy.sure':
    '这会删除我保存的关于你的任务的一切：提示词、图片、回复的位置，以及指定给你的额外用量。你的结果下面的按钮，除“删除”外都会失效。此操作无法撤销。',
  'privacy.sure.messages':
    '我为你发布的内容会留在 Discord，其他人仍能看到，除非你选择一并删除。你也可以用每个结果下面的“删除”按钮逐个删除。',
  'privacy.messages.going_zero': '我没有为你发布过可以删除的消息。',
  'privacy.messages.going_other': '正在删除我为你发布的 {{count}} 条消息，可能需要几分钟。',
  'privacy.messages.deleted_zero': '没有删除任何消息。',
  'privacy.messages.deleted_other': '已删除我为你发布的 {{count}} 条消息。',
  'privacy.messages.failed_other':
    '有 {{count}} 条消息未能删除：我无法访问它们，或者那里只有管理员可以删除结果。请试试消息下面的“删除”按钮，或联系管理员。',
  'privacy.done_zero': '完成。没有已结束的任务需要删除数据。',
  'privacy.done_other': '完成。已从 {{count}} 个任务中删除你的数据。',
  'privacy.partly_other':
    '已从 {{count}} 个任务中删除你的数据，但还没有全部删除：Easel 的一部分暂时不可用，那里还存有你的数据。请几分钟后再删除一次。',
  'privacy.later_other': '还有 {{count}} 个任务进行中。它们会照常完成，每个任务一结束，数据就会删除。',
};
