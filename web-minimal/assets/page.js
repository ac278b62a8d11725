// Comfort only: every page works without it.

for (const input of document.querySelectorAll('input[type="password"]')) {
  addShowButton(input);
  if (input.dataset.atLeast) addCount(input, Number(input.dataset.atLeast));
}

for (const form of document.querySelectorAll('form[method="post"]')) {
  let sent = false;
  form.addEventListener('submit', (event) => {
    if (sent) event.preventDefault();
    sent = true;
    form.setAttribute('aria-busy', 'true');
  });
  // Whoever comes back with the browser's button may send it again.
  addEventListener('pageshow', () => {
    sent = false;
    form.removeAttribute('aria-busy');
  });
}

function addShowButton(input) {
  const row = document.createElement('div');
  row.className = 'with-button';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  input.replaceWith(row);
  row.append(input, button);
  const say = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? 'Hide' : 'Show';
    button.setAttribute('aria-label', shown ? 'Hide the password' : 'Show the password');
  };
  button.addEventListener('click', () => say(input.type === 'password'));
  // Shown it would be remembered like any other text.
  input.form.addEventListener('submit', () => say(false));
  input.spellcheck = false;
  input.autocapitalize = 'none';
  say(false);
}

function addCount(input, atLeast) {
  const count = document.createElement('p');
  count.className = 'hint count';
  count.setAttribute('aria-live', 'polite');
  input.closest('.field').append(count);
  input.addEventListener('input', () => {
    const length = [...input.value.normalize('NFKC')].length;
    count.textContent = tell(length, atLeast);
  });
}

function tell(length, atLeast) {
  if (length === 0) return '';
  if (length < atLeast) return `${atLeast - length} more to go`;
  return length < 20 ? 'Long enough' : 'Long enough, and good';
}
