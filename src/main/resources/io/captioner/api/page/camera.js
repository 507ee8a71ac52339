/** Photos from the camera: of the device's own program on a phone, of a window of the page elsewhere. */
import { $ } from './dom.js';

/** Prepares the camera; onPhoto is called with each photo. */
export function prepareCamera(onPhoto) {
	const dialog = $('camera-dialog');
	const video = $('video');
	let stream = null;

	async function open() {
		if (matchMedia('(pointer: coarse)').matches || !navigator.mediaDevices) {
			$('capture').click(); // without TLS, browsers offer no other way
			return;
		}
		dialog.showModal();
		$('camera-note').textContent = 'Waiting for the camera\u2026';
		$('shoot').disabled = true;
		try {
			stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } });
			if (!dialog.open) {
				stop();
				return;
			}
			video.srcObject = stream;
			$('camera-note').textContent = '';
			$('shoot').disabled = false;
		} catch (failed) {
			$('camera-note').textContent = failed.name === 'NotAllowedError'
				? 'The browser does not allow the camera: allow it in the settings of this page, or choose a file.'
				: 'There is no camera that can be used: choose a file.';
		}
	}

	function stop() {
		stream?.getTracks().forEach(track => track.stop());
		stream = null;
		video.srcObject = null;
	}

	function shoot() {
		const canvas = document.createElement('canvas');
		canvas.width = video.videoWidth;
		canvas.height = video.videoHeight;
		canvas.getContext('2d').drawImage(video, 0, 0);
		canvas.toBlob(blob => onPhoto(new File([blob], 'camera.jpg', { type: 'image/jpeg' })), 'image/jpeg', 0.92);
		dialog.close();
	}

	$('camera').onclick = open;
	$('shoot').onclick = shoot;
	$('camera-close').onclick = () => dialog.close();
	dialog.onclose = stop;
}
