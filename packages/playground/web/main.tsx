import { render } from 'preact';
import { ClientContext } from './client-context.js';
import { createClient, lastUser } from './client-state.js';
import { App } from './shell/app.js';
import './styles/index.css';

const client = createClient();
const asked = new URLSearchParams(location.search).get('user');
const root = document.getElementById('app');

if (root) {
  render(
    <ClientContext.Provider value={client}>
      <App />
    </ClientContext.Provider>,
    root,
  );
  void client.attempt(client.becomeUser(asked ?? lastUser()));
}
