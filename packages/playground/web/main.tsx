import { render } from 'preact';
import { createDesk, lastUser } from './client-state.js';
import { DeskContext } from './context.js';
import { App } from './shell/app.js';
import './styles/index.css';

const desk = createDesk();
const asked = new URLSearchParams(location.search).get('user');
const root = document.getElementById('app');

if (root) {
  render(
    <DeskContext.Provider value={desk}>
      <App />
    </DeskContext.Provider>,
    root,
  );
  void desk.attempt(desk.becomeUser(asked ?? lastUser()));
}
