package io.captioner.api;

import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.web.ImageUploads;
import io.captioner.web.ProblemType;
import io.captioner.web.RemoteImages;
import io.captioner.web.RequestAuthorizer;
import io.captioner.web.RequestTimeout;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.BinarySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Encoding;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.security.SecurityScheme.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;

/**
 * The OpenAPI description of the service, completed by what springdoc cannot derive from the route: bodies, examples
 * and errors.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!training")
class OpenApiDescription {
    private static final Set<ProblemType> NOT_OF_THIS_ROUTE =
            EnumSet.of(ProblemType.NOT_FOUND, ProblemType.METHOD_NOT_ALLOWED, ProblemType.CLIENT_GONE);
    private static final String BEARER = "Key";
    private static final String PROBLEM = "Problem";
    private static final String PROBLEM_JSON = org.springframework.http.MediaType.APPLICATION_PROBLEM_JSON_VALUE;
    private static final String JSON = org.springframework.http.MediaType.APPLICATION_JSON_VALUE;
    private static final String MULTIPART = org.springframework.http.MediaType.MULTIPART_FORM_DATA_VALUE;
    private static final String BYTES = org.springframework.http.MediaType.APPLICATION_OCTET_STREAM_VALUE;

    @Bean
    OpenApiCustomizer captionerDescription(
            RequestAuthorizer authorizer,
            ImageProperties images,
            RequestProperties requests,
            RemoteImages remote,
            ObjectProvider<BuildProperties> build) {
        OpenApiExamples examples = new OpenApiExamples(images);
        return openApi -> {
            openApi.info(info(build));
            openApi.getComponents().addSchemas(PROBLEM, problemSchema());
            if (authorizer != RequestAuthorizer.OPEN) {
                openApi.getComponents()
                        .addSecuritySchemes(
                                BEARER, new SecurityScheme().type(Type.HTTP).scheme("bearer"));
                openApi.addSecurityItem(new SecurityRequirement().addList(BEARER));
            }
            describe(openApi.getPaths(), images, requests, examples);
            if (remote.isEnabled()) {
                addUrls(openApi.getPaths());
            }
        };
    }

    private static Info info(ObjectProvider<BuildProperties> build) {
        BuildProperties properties = build.getIfAvailable();
        return new Info()
                .title("Captioner")
                .version(properties == null ? "development" : properties.getVersion())
                .description(
                        "Captions photos, and returns the attention of each word. Errors are RFC 9457 problem details"
                                + " (`application/problem+json`): act on `type`, which is stable; read `detail`, which says what to do.");
    }

    private static void describe(
            Paths paths, ImageProperties images, RequestProperties requests, OpenApiExamples examples) {
        PathItem path = Objects.requireNonNull(paths.get(ImageUploads.PATH), "bug: the route is not described");
        Operation post = path.getPost();
        post.operationId("captionImages")
                .tags(List.of("Captions"))
                .summary("Captions photos")
                .description(
                        ("Send up to %d photos (JPEG, PNG, GIF, BMP, WebP or TIFF; HEIC and AVIF where libheif is installed; told apart by content, each at most %,d bytes) as"
                                        + " parts named `image`, or one photo as the body. They are all captioned, or none is.")
                                .formatted(
                                        requests.maxImages(), images.maxBytes().toBytes()))
                .requestBody(requestBody())
                .responses(responses(examples));
        path.readOperations().stream()
                .flatMap(operation -> operation.getParameters().stream())
                .forEach(parameter -> absentRatherThanNull(parameter.getSchema()));
        post.getParameters().stream()
                .filter(parameter -> parameter.getName().equals(RequestTimeout.HEADER))
                .forEach(parameter -> parameter
                        .description(
                                "How long to wait for the captions, as `5s` or `1500ms`; never longer than %s. Default: %s."
                                        .formatted(seconds(requests.maxTimeout()), seconds(requests.timeout())))
                        .schema(new StringSchema()));
    }

    private static void addUrls(Paths paths) {
        Schema<?> url = new StringSchema().format("uri").description("The address of the photo.");
        Objects.requireNonNull(paths.get(ImageUploads.PATH), "bug: the route is not described")
                .getPost()
                .getRequestBody()
                .getContent()
                .addMediaType(
                        JSON,
                        new MediaType()
                                .schema(new ObjectSchema()
                                        .addProperty("url", url)
                                        .addRequiredItem("url")));
    }

    /** A parameter may be left out, but there is no way to send null for it. */
    private static void absentRatherThanNull(Schema<?> schema) {
        Set<String> types = schema.getTypes();
        if (types != null) {
            schema.setTypes(types.stream().filter(type -> !type.equals("null")).collect(Collectors.toSet()));
        }
    }

    private static RequestBody requestBody() {
        Schema<?> parts =
                new ArraySchema().items(new BinarySchema()).minItems(1).description("The photos.");
        Schema<?> form =
                new ObjectSchema().addProperty(ImageUploads.PART, parts).addRequiredItem(ImageUploads.PART);
        MediaType multipart = new MediaType()
                .schema(form)
                .encoding(Map.of(ImageUploads.PART, new Encoding().contentType("image/*, application/octet-stream")));
        return new RequestBody()
                .required(true)
                .content(new Content()
                        .addMediaType(MULTIPART, multipart)
                        .addMediaType("image/*", new MediaType().schema(new BinarySchema()))
                        .addMediaType(BYTES, new MediaType().schema(new BinarySchema())));
    }

    private static ApiResponses responses(OpenApiExamples examples) {
        MediaType answer = new MediaType()
                .schema(new Schema<>().$ref("#/components/schemas/" + CaptionAnswer.class.getSimpleName()));
        examples.answers().forEach(answer::addExamples);
        ApiResponses responses = new ApiResponses()
                .addApiResponse(
                        "200",
                        new ApiResponse()
                                .description("The captions")
                                .content(new Content().addMediaType(JSON, answer)));
        Map<Integer, List<ProblemType>> byStatus = Arrays.stream(ProblemType.values())
                .filter(type -> !NOT_OF_THIS_ROUTE.contains(type))
                .collect(Collectors.groupingBy(type -> type.status().value(), TreeMap::new, Collectors.toList()));
        byStatus.forEach((status, types) ->
                responses.addApiResponse(Integer.toString(status), problemResponse(status, types, examples)));
        return responses;
    }

    private static ApiResponse problemResponse(int status, List<ProblemType> types, OpenApiExamples examples) {
        MediaType problem = new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM));
        types.forEach(type -> problem.addExamples(type.slug(), examples.problem(type)));
        ApiResponse response = new ApiResponse()
                .description(types.stream().map(ProblemType::title).collect(Collectors.joining("; ")))
                .content(new Content().addMediaType(PROBLEM_JSON, problem));
        if (status == HttpStatus.TOO_MANY_REQUESTS.value() || status == HttpStatus.SERVICE_UNAVAILABLE.value()) {
            response.addHeaderObject(
                    "Retry-After",
                    new Header()
                            .description("Seconds after which another try is worth it.")
                            .schema(new IntegerSchema()));
        }
        return response;
    }

    private static Schema<?> problemSchema() {
        Schema<?> problem = new ObjectSchema()
                .description("An RFC 9457 problem.")
                .addProperty("type", new StringSchema().format("uri").description("What kind of problem; stable."))
                .addProperty("title", new StringSchema().description("The kind of problem, for people."))
                .addProperty("status", new IntegerSchema().description("The HTTP status."))
                .addProperty("detail", new StringSchema().description("What is wrong, and what to do."))
                .addProperty(
                        "instance", new StringSchema().format("uri-reference").description("The path of the request."))
                .addProperty("parameter", new StringSchema().description("The parameter at fault, if one is."))
                .addProperty(
                        "image",
                        new IntegerSchema()
                                .description("The image at fault, if one is, counted from 0 in the order sent."))
                .addProperty(
                        "filename",
                        new StringSchema().description("The file name of the image at fault, if it has one."));
        problem.setRequired(List.of("type", "title", "status", "detail"));
        return problem;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
