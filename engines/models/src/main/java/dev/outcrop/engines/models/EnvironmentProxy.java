package dev.outcrop.engines.models;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} ask for, else the one Java is told of. */
final class EnvironmentProxy extends ProxySelector {
    private final Map<String, String> environment;

    EnvironmentProxy(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI address) {
        String proxy = variable(address.getScheme() + "_proxy");
        if (proxy.isEmpty()) {
            return ProxySelector.getDefault().select(address);
        }
        if (exempt(address.getHost())) {
            return List.of(Proxy.NO_PROXY);
        }
        URI server = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        int port = server.getPort() >= 0 ? server.getPort() : 80;
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(server.getHost(), port)));
    }

    private boolean exempt(String host) {
        for (String entry : variable("no_proxy").split(",", -1)) {
            String suffix = entry.strip().replaceFirst("^\\*?\\.", "");
            if (suffix.equals("*") || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
                return true;
            }
        }
        return false;
    }

    private String variable(String name) {
        String value = environment.getOrDefault(name, environment.getOrDefault(name.toUpperCase(Locale.ROOT), ""));
        return value.strip();
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {
        // The request fails and says so.
    }
}
