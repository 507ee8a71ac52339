package io.captioner.web;

import io.captioner.caption.CaptionFailure;
import io.captioner.caption.CaptionFailure.Reason;
import io.captioner.caption.ImageProperties;
import io.captioner.caption.ImageUpload;
import io.captioner.web.RemoteAddresses.HostResolver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The reader of photos from URLs, off unless {@code captioner.remote.enabled}. Only hosts of the list are asked, only
 * at allowed addresses and ports; no redirect is followed; no header or credential of the client's request is sent;
 * bytes and time have limits. Used by many threads at once.
 */
public final class RemoteImages implements AutoCloseable {
    private static final int LONGEST_URL = 2048;
    private static final int CHUNK = 8192;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final RemoteProperties properties;
    private final ImageProperties limits;
    private final @Nullable CloseableHttpClient client;
    private final Semaphore free;
    private final ScheduledExecutorService deadlines;

    RemoteImages(RemoteProperties properties, ImageProperties limits, HostResolver resolver) {
        this.properties = properties;
        this.limits = limits;
        this.free = new Semaphore(properties.concurrent());
        this.deadlines = deadlines();
        this.client = properties.enabled() ? client(new RemoteAddresses(resolver, properties.networks())) : null;
    }

    private static ScheduledExecutorService deadlines() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, runnable -> {
            Thread thread = new Thread(runnable, "remote-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    private CloseableHttpClient client(RemoteAddresses addresses) {
        Timeout timeout = Timeout.of(properties.timeout());
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setDnsResolver(addresses)
                        .setMaxConnTotal(properties.concurrent())
                        .setMaxConnPerRoute(properties.concurrent())
                        .setDefaultSocketConfig(
                                SocketConfig.custom().setSoTimeout(timeout).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(timeout)
                                .setSocketTimeout(timeout)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout)
                        .setResponseTimeout(timeout)
                        .setProtocolUpgradeEnabled(false)
                        .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent("Captioner")
                .disableAuthCaching()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableRedirectHandling()
                .build();
    }

    /** Returns whether URLs are fetched. */
    public boolean isEnabled() {
        return properties.enabled();
    }

    /** Returns whether a text is the URL of a photo, not the photo itself. */
    public static boolean isUrl(String text) {
        String start = text.substring(0, Math.min(text.length(), 8)).toLowerCase(Locale.ROOT);
        return start.startsWith("http://") || start.startsWith("https://");
    }

    /** Fetches several photos, one after the other. */
    public List<ImageUpload> fetchAll(List<String> urls) {
        List<ImageUpload> images = new ArrayList<>();
        for (String url : urls) {
            images.add(fetch(url, images.size()));
        }
        return images;
    }

    /**
     * Fetches one photo.
     *
     * @param index of the image in its request, counted from 0
     * @throws CaptionFailure if URLs are not fetched, this one is not allowed, or it has no photo within the limits
     */
    public ImageUpload fetch(String url, int index) {
        if (client == null) {
            throw refused(
                    "Image %d is a URL, and no URL is fetched: send the bytes of the photo, or ask the operator for captioner.remote.enabled=true."
                            .formatted(index),
                    index);
        }
        HttpHost host = allowed(url, index);
        if (!free.tryAcquire()) {
            throw CaptionFailure.retryable(
                    Reason.OVERLOADED,
                    "Too many photos are being fetched: try again after the seconds in Retry-After.",
                    SOON);
        }
        HttpGet request = new HttpGet(url);
        request.setHeader(HttpHeaders.ACCEPT, "image/*");
        ScheduledFuture<?> deadline =
                deadlines.schedule(request::cancel, properties.timeout().toNanos(), TimeUnit.NANOSECONDS);
        try (ClassicHttpResponse response = client.executeOpen(host, request, null)) {
            return new InMemoryImage(bytes(response, request, index));
        } catch (IOException | IllegalStateException e) {
            throw failed(
                    "Image %d could not be fetched within %d ms: check that its URL answers, from an address that is allowed."
                            .formatted(index, properties.timeout().toMillis()),
                    index,
                    e);
        } finally {
            deadline.cancel(false);
            free.release();
        }
    }

    private HttpHost allowed(String url, int index) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException malformed) {
            throw refused("The URL of image %d is malformed.".formatted(index), index);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean secure = scheme.equals("https");
        if (!secure && !(scheme.equals("http") && properties.http())) {
            throw refused(
                    "The URL of image %d must begin with https://%s"
                            .formatted(index, properties.http() ? " or http://." : "."),
                    index);
        }
        String host = uri.getHost();
        if (url.length() > LONGEST_URL
                || host == null
                || uri.getRawUserInfo() != null
                || uri.getRawFragment() != null) {
            throw refused(
                    "The URL of image %d must have a host, no user, no fragment, and at most %d characters."
                            .formatted(index, LONGEST_URL),
                    index);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        if (!isListed(host) || !properties.ports().contains(port)) {
            throw refused(
                    "Photos of host '%s' and port %d are not fetched: the operator allows others in captioner.remote.hosts and ports."
                            .formatted(host, port),
                    index);
        }
        return new HttpHost(scheme, host, port);
    }

    private boolean isListed(String host) {
        String name = withoutLastDot(host.toLowerCase(Locale.ROOT));
        return properties.hosts().stream()
                .map(pattern -> pattern.toLowerCase(Locale.ROOT))
                .anyMatch(pattern -> pattern.equals("*")
                        || pattern.equals(name)
                        || (pattern.startsWith("*.") && name.endsWith(pattern.substring(1))));
    }

    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private byte[] bytes(ClassicHttpResponse response, HttpGet request, int index) throws IOException {
        if (response.getCode() != 200) {
            request.cancel();
            throw failed(
                    "Image %d could not be fetched: its server answered %d; redirects are not followed."
                            .formatted(index, response.getCode()),
                    index,
                    null);
        }
        HttpEntity entity = response.getEntity();
        long most = limits.maxBytes().toBytes();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (entity != null && entity.getContentLength() <= most) {
            InputStream body = entity.getContent();
            byte[] chunk = new byte[CHUNK];
            for (int read = body.read(chunk); read >= 0 && bytes.size() <= most; read = body.read(chunk)) {
                bytes.write(chunk, 0, read);
            }
        }
        if ((entity != null && entity.getContentLength() > most) || bytes.size() > most) {
            request.cancel();
            throw CaptionFailure.of(Reason.TOO_MANY_BYTES, ImageUploads.tooManyBytes(limits))
                    .atImage(index, null);
        }
        if (bytes.size() == 0) {
            throw CaptionFailure.of(Reason.EMPTY_IMAGE, "Image %d has no bytes: check its URL.".formatted(index))
                    .atImage(index, null);
        }
        return bytes.toByteArray();
    }

    private static CaptionFailure refused(String message, int index) {
        return CaptionFailure.invalidParameter("url", message).atImage(index, null);
    }

    private static CaptionFailure failed(String message, int index, @Nullable Exception cause) {
        CaptionFailure failure = cause == null
                ? CaptionFailure.of(Reason.UNREADABLE_IMAGE, message)
                : CaptionFailure.of(Reason.UNREADABLE_IMAGE, message, cause);
        return failure.atImage(index, null);
    }

    @Override
    public void close() throws IOException {
        deadlines.shutdownNow();
        if (client != null) {
            client.close();
        }
    }
}
