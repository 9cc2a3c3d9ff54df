namespace AgentCanary.GatewayBench;

/// <summary>Nginx's own way to split and to shadow.</summary>
internal static class Nginx
{
    /// <summary>Half of the users to each of two agents, by <c>split_clients</c>.</summary>
    public static string Split(string folder, int port, int stable, int canary) => Around(folder, $$"""
            split_clients "$http_x_user_id" $agent { 50% canary; * stable; }
            upstream stable { server 127.0.0.1:{{stable}}; keepalive 128; }
            upstream canary { server 127.0.0.1:{{canary}}; keepalive 128; }
            server {
              listen 127.0.0.1:{{port}};
              location / { proxy_pass http://$agent; proxy_http_version 1.1; proxy_set_header Connection ""; }
              location /stream { proxy_pass http://$agent; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; }
            }
        """);

    /// <summary>Every request to one agent, and a copy of it to another, by <c>mirror</c>.</summary>
    public static string Mirror(string folder, int port, int stable, int shadow) => Around(folder, $$"""
            upstream stable { server 127.0.0.1:{{stable}}; keepalive 128; }
            upstream shadow { server 127.0.0.1:{{shadow}}; keepalive 128; }
            server {
              listen 127.0.0.1:{{port}};
              location / { mirror /shadow; proxy_pass http://stable; proxy_http_version 1.1; proxy_set_header Connection ""; }
              location = /shadow { internal; proxy_pass http://shadow$request_uri; proxy_http_version 1.1; proxy_set_header Connection ""; }
            }
        """);

    private static string Around(string folder, string servers) => $$"""
        daemon off;
        worker_processes 2;
        pid {{folder}}/nginx.pid;
        error_log stderr error;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
        {{servers}}
        }
        """;
}
