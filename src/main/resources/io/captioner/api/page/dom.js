/** Small helpers for the document, and refusals and waits in words. */

export const $ = id => document.getElementById(id);

/** Makes an element; children are nodes or texts, never markup. */
export function el(tag, properties = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (name.startsWith('--')) {
			made.style.setProperty(name, value);
		} else if (name in made) {
			made[name] = value;
		} else {
			made.setAttribute(name, value);
		}
	}
	made.append(...children);
	return made;
}

export const hidden = text => el('span', { className: 'hidden' }, text);

export const percent = share => `${Math.round(100 * share)}\u00a0%`;

/** Says a text to screen readers. */
export function say(text) {
	$('status').textContent = text;
}

export function show(id, visible) {
	$(id).hidden = !visible;
}

/** Shows a refusal in an element. */
export function showRefused(where, refused) {
	where.replaceChildren(el('p', { className: 'alert' }, `${refused.message}. ${refused.detail ?? ''}`));
}

/** Counts a wait down in an element. Screen readers hear only how long it is, once. */
export function showWait(where, { refused, left, now, stop }) {
	if (where.waiting !== refused || !where.seconds.isConnected) {
		where.waiting = refused;
		const seconds = el('span', { ariaHidden: 'true' });
		where.seconds = seconds;
		where.replaceChildren(el('div', { className: 'alert' },
				el('p', {}, `${refused.message}. The next try is in ${refused.seconds} s.`), seconds,
				el('div', { className: 'row' }, el('button', { onclick: now }, 'Try now'), el('button', { onclick: stop }, 'Stop trying'))));
	}
	where.seconds.textContent = `${left} s left`;
}
