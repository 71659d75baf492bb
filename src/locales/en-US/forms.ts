/**
 * The order form that buttons and context menu commands open. Discord allows 45 characters for a title or a label and
 * 100 for a hint.
 */
export const forms = {
  'form.title.imagine': 'Make a picture',
  'form.title.animate': 'Animate',
  'form.title.remix': 'Remix',
  'form.title.edit': 'Edit',
  'form.prompt.image': 'Prompt',
  'form.prompt.image.hint': 'What the new picture shows',
  'form.prompt.video': 'Prompt',
  'form.prompt.video.hint':
    'What happens. With several pictures the first is used; start with "2:" for the second',
  'form.model': 'Model',
  'form.model.hint': 'Which model makes it; the one shown is fine for most',
  'form.asWritten': 'From Options, or the default',
  'form.measure.image': 'Size or aspect ratio',
  'form.measure.image.hint': 'Such as 1024x1024 or 16:9, as the model allows; leave empty for the default',
  'form.measure.video': 'Length in seconds',
  'form.measure.video.hint': 'The choice depends on the model; leave empty for the default',
  'form.options.image': 'Options',
  'form.options.image.hint': 'Such as --count 4 --compare hunyuan-3.0,kling-3.0 --negative "rain"',
  'form.options.video': 'Options',
  'form.options.video.hint': 'Such as --resolution 1080P --audio --compare kling-3.0,hailuo-2.3',
  'form.files.image': 'Reference pictures',
  'form.files.image.hint':
    'Edit: replaces the current ones. Remix: adds to them. Leave empty to keep the current ones',
  'form.files.video': 'First and last picture',
  'form.files.video.hint':
    'One: the last picture (the first, if there is none yet). Two: both. Empty keeps the current ones',
  'form.stray': 'The Options field takes only options such as --audio; {{words}} belongs in the prompt.',
  'form.seconds': "I can't read {{asked}} as a length. Use whole seconds, for example 5.",
  'form.size': "I can't read {{asked}} as a size or an aspect ratio. Try 1024x1024 or 16:9, for example.",
};
