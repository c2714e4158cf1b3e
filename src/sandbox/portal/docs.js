// What the page can do without: copying, the reader's own leadId in the commands, and the place in the contents.

for (const button of document.querySelectorAll('button.copy')) {
  const code = button.closest('figure').querySelector('code');
  button.hidden = false;
  button.addEventListener('click', () => void copy(button, code));
}

async function copy(button, code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // No clipboard over plain http from another machine: what is selected can be copied by hand.
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}

const own = document.querySelector('#own-lead-id');
const inCommands = document.querySelectorAll('.lead-id');
const example = inCommands[0].textContent;
own.placeholder = example;
own.closest('[hidden]').hidden = false;
own.addEventListener('input', () => {
  // Letters and digits alone: the text goes into commands for a shell.
  const leadId = own.value.replaceAll(/[^0-9A-Za-z-]/g, '') || example;
  for (const place of inCommands) place.textContent = leadId;
});

const contents = document.querySelector('.contents');
const links = new Map([...contents.querySelectorAll('a')].map((link) => [link.hash.slice(1), link]));
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) mark(links.get(target.id));
    }
  },
  // A section is where the reader is when it crosses a line a tenth down the window.
  { rootMargin: '-10% 0px -90% 0px' },
);
for (const id of links.keys()) observer.observe(document.getElementById(id));

function mark(current) {
  for (const link of links.values()) link.removeAttribute('aria-current');
  current.setAttribute('aria-current', 'true');
  // scrollIntoView would scroll the page as well, where the contents stand above it.
  contents.scrollTop = current.offsetTop - contents.clientHeight / 2;
}
