/** The requests to the service, with the key of this tab. */

const KEY = 'captioner.key';

export const key = {
	get: () => sessionStorage.getItem(KEY),
	set: value => sessionStorage.setItem(KEY, value),
	forget: () => sessionStorage.removeItem(KEY),
};

/** A request that was refused, in words. */
export class Refusal extends Error {
	/** @param seconds after which to try again; 0 for never */
	constructor(title, detail, status = 0, seconds = 0) {
		super(title);
		this.detail = detail;
		this.status = status;
		this.seconds = seconds;
	}
}

async function refusal(response, used) {
	let problem = {};
	try {
		problem = await response.json();
	} catch { /* of a server in front of the service */ }
	const [title, detail] = response.status === 413 ? ['The file is too large', 'Choose a smaller one.']
		: ['The request failed', `The status is ${response.status}: try again later.`];
	if (response.status === 401 && used === key.get()) {
		dispatchEvent(new Event('unauthorized'));
	}
	const seconds = [429, 503].includes(response.status) ? Number(response.headers.get('Retry-After')) || 0 : 0;
	return new Refusal(problem.title ?? title, problem.detail ?? detail, response.status, seconds);
}

async function ask(path, body) {
	const used = key.get();
	let response;
	try {
		response = await fetch(path, {
			method: body ? 'POST' : 'GET',
			body,
			headers: used ? { Authorization: `Bearer ${used}` } : {},
		});
	} catch {
		throw new Refusal('The service cannot be reached',
				'Check the network, and that the file is not larger than the service accepts; then try again.');
	}
	if (!response.ok) {
		throw await refusal(response, used);
	}
	return response.json();
}

async function form(photo, name, texts = []) {
	try {
		await photo.slice(0, 1).arrayBuffer();
	} catch {
		throw new Refusal('The browser cannot read this file', 'It may be a folder, or have been moved: choose it again.');
	}
	const data = new FormData();
	data.append('image', photo, name);
	texts.forEach(text => data.append('text', text));
	return data;
}

export const models = () => ask('models');

export const model = name => ask(`models/${encodeURIComponent(name)}`);

/** Captions one photo; the answer has all weights of the attention. */
export async function caption(photo, name, options) {
	const query = new URLSearchParams({ ...options, attention: 'grid' });
	return ask(`captions?${query}`, await form(photo, name));
}

/** Scores texts for a photo. */
export async function score(photo, name, texts, options) {
	const query = new URLSearchParams(options);
	return ask(`captions/score?${query}`, await form(photo, name, texts));
}

/**
 * Makes a request, and makes it again for as long as the service says when to.
 *
 * @param onWait called each second with the refusal, the seconds left, and ways to try now or to stop
 */
export async function patiently(request, onWait) {
	for (;;) {
		try {
			return await request();
		} catch (refused) {
			if (!refused.seconds) {
				throw refused;
			}
			await wait(refused, onWait);
		}
	}
}

function wait(refused, onWait) {
	return new Promise((resolve, reject) => {
		const until = Date.now() + 1000 * refused.seconds;
		const end = () => clearInterval(timer);
		const now = () => { end(); resolve(); };
		const stop = () => { end(); reject(refused); };
		const tick = () => {
			const left = Math.ceil((until - Date.now()) / 1000);
			if (left > 0) {
				onWait({ refused, left, now, stop });
			} else {
				now();
			}
		};
		const timer = setInterval(tick, 1000);
		tick();
	});
}
