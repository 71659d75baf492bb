/** The order form that buttons and context menu commands open: Discord allows 45 characters for a title or label, 100 for a hint. */
export const forms = {
  'form.title.animate': 'Make it move',
  'form.title.remix': 'Make a new picture of it',
  'form.prompt.image': 'Prompt',
  'form.prompt.image.hint': 'What the new picture shows',
  'form.prompt.video': 'Prompt',
  'form.prompt.video.hint':
    'What happens; of several pictures the first moves, or begin with 2: for the second',
  'form.model': 'Model',
  'form.model.hint': 'Which model makes it; the one shown is fine for most',
  'form.asWritten': 'As written in Options, or as usual',
  'form.measure.image': 'Size or ratio',
  'form.measure.image.hint': 'Such as 1024x1024 or 16:9, as the model takes it; empty means as usual',
  'form.measure.video': 'Length in seconds',
  'form.measure.video.hint': 'How many depends on the model; empty means as usual',
  'form.options': 'Options',
  'form.options.hint': 'Such as --resolution 1080P --audio --negative "rain"',
  'form.files.image': 'More pictures it should resemble',
  'form.files.image.hint': 'Left empty, those from before are kept',
  'form.files.video': 'First and last picture',
  'form.files.video.hint':
    'One: the last picture, where there is a first one. Left empty, those from before are kept',
  'form.stray':
    'In Options I can read only options such as --audio, and not {{words}}. Put that into the prompt.',
  'form.seconds': 'I cannot read {{asked}} as a length. Write whole seconds, for example 5.',
  'form.size': 'I cannot read {{asked}} as a size or a ratio. Write for example 1024x1024 or 16:9.',
  'form.title.edit': 'Change it',
};
