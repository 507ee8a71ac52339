package io.captioner.api;

import io.captioner.caption.ImageProperties;
import io.captioner.caption.RequestProperties;
import io.captioner.caption.ScoreCommand;
import io.captioner.web.ImageUploads;
import io.captioner.web.ProblemType;
import io.captioner.web.RemoteImages;
import io.captioner.web.RequestAuthorizer;
import io.captioner.web.RequestTimeout;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.examples.Example;
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
        Operation post = post(paths, ImageUploads.PATH);
        post.operationId("captionImages")
                .tags(List.of("Captions"))
                .summary("Captions photos")
                .description(
                        ("Send up to %d photos (JPEG, PNG, GIF, BMP, WebP or TIFF; HEIC and AVIF where libheif is installed; told apart by content, each at most %,d bytes) as"
                                        + " parts named `image`, or one photo as the body. They are all captioned, or none is.")
                                .formatted(
                                        requests.maxImages(), images.maxBytes().toBytes()))
                .requestBody(requestBody())
                .responses(responses("The captions", CaptionAnswer.class, examples.answers(), otherForms(), examples));
        describeParameters(post, requests);
        Operation score = post(paths, ImageUploads.SCORE_PATH)
                .operationId("scoreTexts")
                .tags(List.of("Captions"))
                .summary("Scores texts as captions of a photo")
                .description(
                        "Returns how likely the model finds each text, word by word, and ranks the texts. They are read as captions are in training: in lower case, without punctuation. Words outside the vocabulary are named.")
                .requestBody(scoreBody())
                .responses(responses("The scores", ScoreAnswer.class, examples.scores(), new Content(), examples));
        describeParameters(score, requests);
    }

    private static void describeParameters(Operation post, RequestProperties requests) {
        post.getParameters().forEach(parameter -> absentRatherThanNull(parameter.getSchema()));
        post.getParameters().stream()
                .filter(parameter -> parameter.getName().equals(RequestTimeout.HEADER))
                .forEach(parameter -> parameter
                        .description(
                                "How long to wait for the captions, as `5s` or `1500ms`; never longer than %s. Default: %s."
                                        .formatted(seconds(requests.maxTimeout()), seconds(requests.timeout())))
                        .schema(new StringSchema()));
    }

    /** Returns the media types of captions beside JSON. */
    private static Content otherForms() {
        return new Content()
                .addMediaType("text/plain", text("The captions, one a line."))
                .addMediaType("text/html", text("A page with the photos, and each word under its attention."))
                .addMediaType(
                        "image/png",
                        new MediaType()
                                .schema(new BinarySchema()
                                        .description("The photos, and a panel for each word under its attention.")))
                .addMediaType(CaptionFormat.CSV_VALUE, text("A row for each caption."))
                .addMediaType(
                        "text/event-stream", text("Events image, word, caption and done, with JSON as their data."));
    }

    private static MediaType text(String description) {
        return new MediaType().schema(new StringSchema().description(description));
    }

    private static Operation post(Paths paths, String path) {
        return Objects.requireNonNull(paths.get(path), "bug: the route is not described")
                .getPost();
    }

    private static void addUrls(Paths paths) {
        Schema<?> url = new StringSchema().format("uri").description("The address of the photo.");
        post(paths, ImageUploads.PATH)
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

    private static RequestBody scoreBody() {
        Schema<?> texts =
                new ArraySchema().items(new StringSchema()).minItems(1).maxItems(ScoreCommand.MAX_TEXTS);
        Schema<?> form = new ObjectSchema()
                .addProperty(ImageUploads.PART, new BinarySchema().description("The photo."))
                .addProperty("text", texts.description("The texts, unless they are in the query."))
                .addRequiredItem(ImageUploads.PART);
        return new RequestBody()
                .required(true)
                .content(new Content()
                        .addMediaType(MULTIPART, new MediaType().schema(form))
                        .addMediaType("image/*", new MediaType().schema(new BinarySchema()))
                        .addMediaType(BYTES, new MediaType().schema(new BinarySchema())));
    }

    private static ApiResponses responses(
            String description,
            Class<?> schema,
            Map<String, Example> shown,
            Content otherForms,
            OpenApiExamples examples) {
        MediaType answer =
                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + schema.getSimpleName()));
        shown.forEach(answer::addExamples);
        Content content = new Content().addMediaType(JSON, answer);
        content.putAll(otherForms);
        ApiResponses responses = new ApiResponses()
                .addApiResponse(
                        "200", new ApiResponse().description(description).content(content));
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
